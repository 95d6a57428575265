//! Reading an image: of each format only as much as stays within [`MEMORY_MAX`] at its worst.

mod jpeg;
mod watched;

use domain::{
    avatars::{ImageLimit, MAX_PIXELS},
    error::AppError,
};
use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageDecoder, ImageError, ImageFormat, Limits,
    RgbImage, RgbaImage,
    codecs::{gif::GifDecoder, jpeg::JpegDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use std::io::{BufRead, Cursor, Seek};
use watched::Watched;

/// What an image may take while it is decoded, in bytes.
pub const MEMORY_MAX: u64 = 200_000_000;
/// Bytes of whatever is in a PNG beside its pixels.
const CHUNK_MAX: usize = 4 * 1024 * 1024;
/// The longest side: a row of the widest PNG is small beside its pixels.
const SIDE_MAX: u32 = 65_535;
/// Bytes from which each format is known.
const MAGIC: usize = 16;

// Bytes for each pixel, and so how many pixels there may be. Of 200 MB the file itself takes up to 16.

/// At most 4, whatever is in the file: 16 bits become 8 row by row, and passes go to where they belong.
const PNG_PIXELS_MAX: u64 = MAX_PIXELS;
/// 3, as it is written row by row.
const JPEG_PIXELS_MAX: u64 = MAX_PIXELS;
/// 2 for each of up to 4 components that wait for the last scan, and 3 of the image.
const JPEG_WHOLE_PIXELS_MAX: u64 = 16_000_000;
/// 4, 3 of the image, and a sixteenth of 12 for transforms and codes: lossless.
const WEBP_PIXELS_MAX: u64 = 23_000_000;
/// 4 of the image, 1½ without its transparency, and 5 of that: lossy with transparency.
const WEBP_CLEAR_PIXELS_MAX: u64 = 16_000_000;
/// 4 of the image, 4 of the canvas, and a frame like the one above.
const WEBP_ANIMATED_PIXELS_MAX: u64 = 9_000_000;
/// 4 of the image, and 4 of a frame that does not fill it.
const GIF_PIXELS_MAX: u64 = 22_000_000;

/// The first frame of what the file is, whatever it is called, and how it has to be turned.
pub fn decode(mut file: impl BufRead + Seek) -> Result<(DynamicImage, Orientation), AppError> {
    let magic = file.fill_buf().map_err(|_| AppError::UnreadableImage)?;
    let magic = magic.get(..MAGIC.min(magic.len())).unwrap_or_default();
    match image::guess_format(magic).map_err(|_| AppError::UnreadableImage)? {
        ImageFormat::Png => png(file),
        ImageFormat::Jpeg => jpeg(file),
        ImageFormat::WebP => webp(Watched::new(file, MEMORY_MAX)),
        ImageFormat::Gif => gif(file),
        _ => Err(AppError::UnreadableImage),
    }
}

fn fits((width, height): (u32, u32), most: u64) -> Result<(), AppError> {
    if u64::from(width) * u64::from(height) > most {
        return Err(too_large(most));
    }
    if width.max(height) > SIDE_MAX { Err(AppError::UnreadableImage) } else { Ok(()) }
}

fn too_large(most: u64) -> AppError {
    AppError::ImageTooLarge { limit: ImageLimit::Pixels(u32::try_from(most).unwrap_or(u32::MAX)) }
}

/// Why a file cannot be read, of a format that may have so many pixels.
fn unreadable(error: &ImageError, most: u64) -> AppError {
    match error {
        ImageError::Limits(_) => too_large(most),
        ImageError::IoError(error) if watched::is_too_much(error) => too_large(most),
        _ => AppError::UnreadableImage,
    }
}

fn png(file: impl BufRead + Seek) -> Result<(DynamicImage, Orientation), AppError> {
    let unreadable = |_| AppError::UnreadableImage;
    let mut decoder = png::Decoder::new_with_limits(file, png::Limits { bytes: CHUNK_MAX });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    fits(decoder.read_header_info().map_err(unreadable)?.size(), PNG_PIXELS_MAX)?;
    let mut reader = decoder.read_info().map_err(unreadable)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(AppError::UnreadableImage)?];
    reader.next_frame(&mut pixels).map_err(unreadable)?;
    let exif = reader.info().exif_metadata.as_deref();
    let orientation = exif.and_then(Orientation::from_exif_chunk);
    let (width, height) = reader.info().size();
    let avatar = match reader.output_color_type().0 {
        png::ColorType::Grayscale => GrayImage::from_raw(width, height, pixels).map(Into::into),
        png::ColorType::GrayscaleAlpha => {
            GrayAlphaImage::from_raw(width, height, pixels).map(Into::into)
        }
        png::ColorType::Rgb => RgbImage::from_raw(width, height, pixels).map(Into::into),
        png::ColorType::Rgba => RgbaImage::from_raw(width, height, pixels).map(Into::into),
        png::ColorType::Indexed => None,
    };
    Ok((avatar.ok_or(AppError::UnreadableImage)?, orientation.unwrap_or(Orientation::NoTransforms)))
}

fn jpeg(mut file: impl BufRead) -> Result<(DynamicImage, Orientation), AppError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|_| AppError::UnreadableImage)?;
    drop(file);
    let outline = jpeg::reduce(&mut bytes).ok_or(AppError::UnreadableImage)?;
    let most = if outline.waits { JPEG_WHOLE_PIXELS_MAX } else { JPEG_PIXELS_MAX };
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|_| AppError::UnreadableImage)?;
    fits(decoder.dimensions(), most)?;
    let avatar = DynamicImage::from_decoder(decoder);
    Ok((avatar.map_err(|error| unreadable(&error, most))?, outline.orientation))
}

fn webp(file: impl BufRead + Seek) -> Result<(DynamicImage, Orientation), AppError> {
    let mut decoder = WebPDecoder::new(file).map_err(|_| AppError::UnreadableImage)?;
    let most = match (decoder.has_animation(), decoder.color_type().has_alpha()) {
        (true, _) => WEBP_ANIMATED_PIXELS_MAX,
        (false, true) => WEBP_CLEAR_PIXELS_MAX,
        (false, false) => WEBP_PIXELS_MAX,
    };
    fits(decoder.dimensions(), most)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let avatar = DynamicImage::from_decoder(decoder);
    Ok((avatar.map_err(|error| unreadable(&error, most))?, orientation))
}

fn gif(file: impl BufRead + Seek) -> Result<(DynamicImage, Orientation), AppError> {
    let mut decoder = GifDecoder::new(file).map_err(|_| AppError::UnreadableImage)?;
    fits(decoder.dimensions(), GIF_PIXELS_MAX)?;
    let mut limits = Limits::no_limits();
    // Of a frame that is larger than the image.
    limits.max_alloc = Some(GIF_PIXELS_MAX * 4);
    decoder.set_limits(limits).map_err(|_| AppError::UnreadableImage)?;
    let avatar = DynamicImage::from_decoder(decoder);
    let avatar = avatar.map_err(|error| unreadable(&error, GIF_PIXELS_MAX))?;
    Ok((avatar, Orientation::NoTransforms))
}
