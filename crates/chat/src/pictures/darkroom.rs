//! Makes the squares: off the async threads, and one at a time, for each may take 160 MB for a moment.

use super::{Upload, turns::Turns};
use crate::broken;
use domain::{
    ids::PersonId,
    pictures::{Crop, PIXELS_MOST, Size},
    problem::Problem,
    text::Fault,
};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader,
    ImageResult, Limits, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
    metadata::Orientation,
};
use store::Encoded;
use tokio::task::spawn_blocking;

/// Bytes that a picture may take while it is decoded: [`PIXELS_MOST`] of four bytes, and some to work with.
const MEMORY_MOST: u64 = 192 * 1024 * 1024;
/// Large pictures are brought down to about this quickly, and from there carefully.
const ROUGHLY: u32 = 2 * Size::Large.side();
/// Of 100: what nobody tells from more on a small round picture.
const JPEG_QUALITY: u8 = 86;

#[derive(Clone)]
pub(crate) struct Darkroom {
    turns: Turns<PersonId>,
}

impl Darkroom {
    pub fn new() -> Self {
        Self { turns: Turns::new() }
    }

    /// The picture in each of its sizes, or why it is none.
    pub async fn develop(
        &self,
        user: PersonId,
        upload: Upload,
        crop: Option<Crop>,
    ) -> Result<Result<Vec<Encoded>, Fault>, Problem> {
        let turn = self.turns.take(user).await;
        let developing = spawn_blocking(move || {
            let developed = develop(upload, crop);
            drop(turn);
            developed
        });
        match developing.await {
            Ok(developed) => Ok(developed),
            // A decoder that trips over a file has not read it either.
            Err(error) if error.is_panic() => Ok(Err(Fault::Form)),
            Err(error) => Err(broken(&error)),
        }
    }
}

fn develop(upload: Upload, crop: Option<Crop>) -> Result<Vec<Encoded>, Fault> {
    let (picture, orientation) = decode(upload)?;
    let square = square(picture, orientation, crop);
    let opaque = square.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let square = DynamicImage::ImageRgba8(square);
    let sizes = Size::ALL.map(|size| {
        let side = size.side();
        let sized = square.resize_exact(side, side, FilterType::Lanczos3);
        encode(&sized, side, opaque).map(|bytes| Encoded { size, bytes: bytes.into() })
    });
    sizes.into_iter().collect::<ImageResult<_>>().map_err(|_| Fault::Form)
}

/// Reads the first frame of what the file is, whatever it is called.
fn decode(upload: Upload) -> Result<(DynamicImage, Orientation), Fault> {
    let unreadable = |_| Fault::Form;
    let upload = upload.read().map_err(|_| Fault::Form)?;
    let reader = ImageReader::new(upload).with_guessed_format();
    let reader = reader.map_err(|_| Fault::Form)?;
    let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];
    if !reader.format().is_some_and(|format| known.contains(&format)) {
        return Err(Fault::Form);
    }
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MOST || decoder.total_bytes() > MEMORY_MOST {
        let most = u32::try_from(PIXELS_MOST).unwrap_or(u32::MAX);
        return Err(Fault::TooMany { most });
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY_MOST);
    decoder.set_limits(limits).map_err(unreadable)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    Ok((picture, orientation))
}

/// Cuts the square out, upright. First made small, so that nothing large is turned or copied.
fn square(picture: DynamicImage, orientation: Orientation, crop: Option<Crop>) -> RgbaImage {
    let upright =
        |(width, height)| if lies(orientation) { (height, width) } else { (width, height) };
    let (width, height) = upright((picture.width(), picture.height()));
    let crop = crop.unwrap_or(Crop::middle(width, height));
    let (left, top, side) = crop.within(width, height);
    let to = ROUGHLY.min(side);
    let scaled = |length: u32| {
        let scaled = u64::from(length) * u64::from(to) / u64::from(side.max(1));
        u32::try_from(scaled).unwrap_or(u32::MAX)
    };
    let mut picture = if to < side {
        picture.thumbnail_exact(scaled(picture.width()).max(1), scaled(picture.height()).max(1))
    } else {
        picture
    };
    picture.apply_orientation(orientation);
    let left = scaled(left).min(picture.width().saturating_sub(to));
    let top = scaled(top).min(picture.height().saturating_sub(to));
    picture.crop_imm(left, top, to, to).into_rgba8()
}

/// Whether width and height change places when it is put upright.
const fn lies(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn encode(square: &DynamicImage, side: u32, opaque: bool) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if opaque {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
        encoder.write_image(&square.to_rgb8(), side, side, ExtendedColorType::Rgb8)?;
    } else {
        let encoder = PngEncoder::new(&mut bytes);
        encoder.write_image(&square.to_rgba8(), side, side, ExtendedColorType::Rgba8)?;
    }
    Ok(bytes)
}
