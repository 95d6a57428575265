//! The squares of an image: upright, in each size, encoded by us.

use super::formats;
use domain::{
    avatars::{Crop, Size},
    error::AppError,
};
use image::{
    DynamicImage, ExtendedColorType, GenericImageView, ImageEncoder, ImageResult, RgbaImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::{self, FilterType},
    metadata::Orientation,
};
use std::io::{BufRead, Seek};
use store::EncodedImage;

/// Large images are brought down to about this quickly, and from there carefully.
const ROUGHLY: u32 = 2 * Size::Large.side();
/// Of 100: indistinguishable from more on a small round avatar.
const JPEG_QUALITY: u8 = 86;

/// The image in each of its sizes, or why it is none.
pub fn squares(
    file: impl BufRead + Seek,
    crop: Option<Crop>,
) -> Result<Vec<EncodedImage>, AppError> {
    let (avatar, orientation) = formats::decode(file)?;
    let crop_square = crop_square(&avatar, orientation, crop);
    drop(avatar);
    let opaque = crop_square.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let crop_square = DynamicImage::ImageRgba8(crop_square);
    let sizes = Size::ALL.map(|size| {
        let side = size.side();
        let sized = crop_square.resize_exact(side, side, FilterType::Lanczos3);
        encode(&sized, side, opaque).map(|bytes| EncodedImage { size, bytes: bytes.into() })
    });
    sizes.into_iter().collect::<ImageResult<_>>().map_err(|_| AppError::UnreadableImage)
}

/// Cuts the square out, upright. First made small, so that nothing large is turned or copied.
fn crop_square(avatar: &DynamicImage, orientation: Orientation, crop: Option<Crop>) -> RgbaImage {
    let (width, height) = avatar.dimensions();
    let (across, down) = if swaps_axes(orientation) { (height, width) } else { (width, height) };
    let crop = crop.unwrap_or(Crop::middle(across, down));
    let (left, top, side) = crop.within(across, down);
    let (left, top) = before_turning(orientation, (left, top, side), (width, height));
    let view = avatar.view(left, top, side, side);
    let small = if side > ROUGHLY {
        imageops::thumbnail(&*view, ROUGHLY, ROUGHLY)
    } else {
        view.to_image()
    };
    let mut small = DynamicImage::ImageRgba8(small);
    small.apply_orientation(orientation);
    small.into_rgba8()
}

/// Where a square lies in the image as it was written, that is chosen in it as it is seen.
fn before_turning(
    orientation: Orientation,
    (left, top, side): (u32, u32, u32),
    (width, height): (u32, u32),
) -> (u32, u32) {
    let from_right = |left: u32| width - left - side;
    let from_below = |top: u32| height - top - side;
    match orientation {
        Orientation::NoTransforms => (left, top),
        Orientation::FlipHorizontal => (from_right(left), top),
        Orientation::FlipVertical => (left, from_below(top)),
        Orientation::Rotate180 => (from_right(left), from_below(top)),
        Orientation::Rotate90 => (top, from_below(left)),
        Orientation::Rotate270 => (from_right(top), left),
        Orientation::Rotate90FlipH => (top, left),
        Orientation::Rotate270FlipH => (from_right(top), from_below(left)),
    }
}

/// Whether width and height change places when it is put upright.
const fn swaps_axes(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn encode(crop_square: &DynamicImage, side: u32, opaque: bool) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if opaque {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
        encoder.write_image(&crop_square.to_rgb8(), side, side, ExtendedColorType::Rgb8)?;
    } else {
        let encoder = PngEncoder::new(&mut bytes);
        encoder.write_image(&crop_square.to_rgba8(), side, side, ExtendedColorType::Rgba8)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Orientation; 8] = [
        Orientation::NoTransforms,
        Orientation::FlipHorizontal,
        Orientation::FlipVertical,
        Orientation::Rotate180,
        Orientation::Rotate90,
        Orientation::Rotate270,
        Orientation::Rotate90FlipH,
        Orientation::Rotate270FlipH,
    ];

    #[test]
    fn the_square_is_the_one_that_is_seen_however_it_was_written() {
        let colour =
            |x, y| image::Rgba([u8::try_from(x).unwrap(), u8::try_from(y).unwrap(), 0, 255]);
        let written = DynamicImage::ImageRgba8(RgbaImage::from_fn(7, 5, colour));
        for orientation in ALL {
            let mut seen = written.clone();
            seen.apply_orientation(orientation);
            for crop in ["0,0,5", "1,2,3", "2,0,1", "0,2,2"] {
                let crop = Crop::parse(crop).unwrap().unwrap();
                let (left, top, side) = crop.within(seen.width(), seen.height());
                let expected = seen.crop_imm(left, top, side, side).into_rgba8();
                assert_eq!(
                    crop_square(&written, orientation, Some(crop)),
                    expected,
                    "{orientation:?}"
                );
            }
        }
    }
}
