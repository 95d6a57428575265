//! Pictures: whatever is uploaded, what is shown is a small square of our own making.

use crate::helpers::{TestApp, User};
use bytes::Bytes;
use chat::Upload;
use domain::{
    avatars::{
        Crop, ImageLimit,
        Size::{self, Large, Small},
    },
    error::{AppError, What},
    ids::{AvatarId, ProfileId},
};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;

const RED: Rgb<u8> = Rgb([200, 30, 30]);
const BLUE: Rgb<u8> = Rgb([30, 30, 200]);

/// Red at the left, blue at the right.
fn flag(width: u32, height: u32) -> DynamicImage {
    let colour = |x, _| if x < width / 2 { RED } else { BLUE };
    RgbImage::from_fn(width, height, colour).into()
}

fn written(avatar: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    avatar.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG as a phone writes it that was held upright: lying, with a note that says how.
fn lying_jpeg(avatar: &DynamicImage) -> Vec<u8> {
    let jpeg = written(avatar, ImageFormat::Jpeg);
    let exif =
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0secret place";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, exif, &jpeg[2..]].concat()
}

struct Sitting {
    test_app: TestApp,
    minji: User,
    profile: ProfileId,
}

impl Sitting {
    async fn new() -> Self {
        let test_app = TestApp::new().await;
        let minji = test_app.user("민지").await;
        let profile = test_app.chat.profile_assignments(&minji.actor).await.unwrap().profiles[0].id;
        Self { test_app, minji, profile }
    }

    async fn uploads(&self, bytes: impl Into<Bytes>, crop: &str) -> Result<(), AppError> {
        let crop = Crop::parse(crop).unwrap();
        let upload = Upload::from(bytes.into());
        self.test_app.chat.set_avatar(&self.minji.actor, self.profile, upload, crop).await
    }

    async fn avatar(&self) -> Option<AvatarId> {
        self.test_app.chat.viewer(&self.minji.actor).await.unwrap().avatar
    }

    async fn served(&self, id: AvatarId, size: Size) -> Result<Bytes, AppError> {
        self.test_app.chat.avatar(&self.minji.actor, id, size).await
    }

    /// What is shown after this has been uploaded.
    async fn shows(&self, bytes: impl Into<Bytes>, crop: &str) -> RgbaImage {
        self.uploads(bytes, crop).await.unwrap();
        let id = self.avatar().await.unwrap();
        for size in Size::ALL {
            let served = image::load_from_memory(&self.served(id, size).await.unwrap()).unwrap();
            assert_eq!((served.width(), served.height()), (size.side(), size.side()));
        }
        image::load_from_memory(&self.served(id, Large).await.unwrap()).unwrap().into_rgba8()
    }

    async fn refuses(&self, bytes: impl Into<Bytes>) -> AppError {
        let error = self.uploads(bytes, "").await.unwrap_err();
        assert_eq!(self.avatar().await, None);
        error
    }
}

fn is(pixel: Rgba<u8>, colour: Rgb<u8>) -> bool {
    pixel.0.iter().zip(colour.0).all(|(is, should)| is.abs_diff(should) < 24)
}

#[tokio::test]
async fn every_kind_becomes_two_squares() {
    let sitting = Sitting::new().await;
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
        let shown = sitting.shows(written(&flag(1_200, 700), format), "").await;
        assert!(is(*shown.get_pixel(20, 128), RED) && is(*shown.get_pixel(236, 128), BLUE));
    }
    let tiny = sitting.shows(written(&flag(2, 1), ImageFormat::Png), "").await;
    assert!(is(*tiny.get_pixel(128, 128), RED), "the left of two pixels is the middle");
}

#[tokio::test]
async fn the_square_is_the_one_that_was_chosen() {
    let sitting = Sitting::new().await;
    let png = written(&flag(1_200, 700), ImageFormat::Png);
    let left = sitting.shows(png.clone(), "0,0,600").await;
    assert!(is(*left.get_pixel(250, 250), RED));
    let right = sitting.shows(png, "4000,4000,500").await;
    assert!(is(*right.get_pixel(5, 5), BLUE), "moved inside");
}

#[tokio::test]
async fn a_photograph_is_put_upright_and_says_nothing_of_where_it_was_taken() {
    let sitting = Sitting::new().await;
    // Orientation 6: the left of the file is the top.
    let shown = sitting.shows(lying_jpeg(&flag(900, 600)), "0,0,300").await;
    assert!(is(*shown.get_pixel(128, 128), RED));
    let shown = sitting.shows(lying_jpeg(&flag(900, 600)), "0,600,300").await;
    assert!(is(*shown.get_pixel(128, 128), BLUE));
    let id = sitting.avatar().await.unwrap();
    let served = sitting.served(id, Small).await.unwrap();
    assert!(!served.windows(6).any(|bytes| bytes == b"secret" || bytes == b"Exif\0\0"));
}

#[tokio::test]
async fn what_shines_through_stays_so() {
    let sitting = Sitting::new().await;
    let glass = RgbaImage::from_pixel(300, 300, Rgba([10, 200, 10, 100]));
    let shown = sitting.shows(written(&glass.into(), ImageFormat::Png), "").await;
    assert_eq!(shown.get_pixel(128, 128).0[3], 100);
}

#[tokio::test]
async fn what_hides_in_a_file_goes_no_further() {
    let sitting = Sitting::new().await;
    let mut polyglot = written(&flag(300, 300), ImageFormat::Jpeg);
    polyglot.extend_from_slice(b"<html><script>alert(1)</script>PK\x03\x04");
    sitting.uploads(polyglot, "").await.unwrap();
    let id = sitting.avatar().await.unwrap();
    for size in Size::ALL {
        let served = sitting.served(id, size).await.unwrap();
        assert!(!served.windows(7).any(|bytes| bytes == b"<script"));
        assert!(served.starts_with(&[0xFF, 0xD8, 0xFF]));
    }
}

/// The beginning of a PNG that says it is this large.
fn flood(width: u32, height: u32) -> Vec<u8> {
    let mut png = written(&flag(2, 2), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let check = crc(&png[12..29]);
    png[29..33].copy_from_slice(&check.to_be_bytes());
    png
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_refused() {
    let sitting = Sitting::new().await;
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    assert_eq!(sitting.refuses(&svg[..]).await, AppError::UnreadableImage);
    assert_eq!(sitting.refuses(&b"%PDF-1.7"[..]).await, AppError::UnreadableImage);
    assert_eq!(
        sitting.refuses(&b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0"[..]).await,
        AppError::UnreadableImage
    );
    assert_eq!(sitting.refuses(Bytes::new()).await, AppError::NoImage);
    let most = 8 * 1024 * 1024;
    assert_eq!(
        sitting.refuses(vec![0; most + 1]).await,
        AppError::ImageTooLarge { limit: ImageLimit::Bytes(8_388_608) }
    );
    for (width, height) in [(50_000, 50_000), (6_400, 6_400), (4_000_100, 10)] {
        let error = sitting.refuses(flood(width, height)).await;
        assert_eq!(
            error,
            AppError::ImageTooLarge { limit: ImageLimit::Pixels(40_000_000) },
            "{width} × {height}"
        );
    }
    assert_eq!(
        sitting.refuses(flood(2_000, 2_000)).await,
        AppError::UnreadableImage,
        "there is no more of it"
    );
}

#[tokio::test]
async fn a_file_that_was_cut_off_breaks_nothing() {
    let sitting = Sitting::new().await;
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = written(&flag(300, 200), format);
        for kept in [1, 4, 12, 30, whole.len() / 4] {
            let cut = whole[..kept.min(whole.len())].to_vec();
            if let Err(error) = sitting.uploads(cut, "").await {
                assert_eq!(error, AppError::UnreadableImage, "{format:?} {kept}");
            }
        }
    }
    sitting.shows(written(&flag(300, 200), ImageFormat::Png), "").await;
}

#[tokio::test]
async fn the_old_picture_goes_when_a_new_one_comes() {
    let sitting = Sitting::new().await;
    let png = written(&flag(300, 300), ImageFormat::Png);
    sitting.uploads(png.clone(), "").await.unwrap();
    let first = sitting.avatar().await.unwrap();
    sitting.uploads(png, "").await.unwrap();
    let second = sitting.avatar().await.unwrap();
    assert_ne!(first, second, "addresses may be kept for ever");
    assert_eq!(sitting.served(first, Small).await, Err(AppError::NotFound(What::Avatar)));
    sitting.test_app.chat.clear_avatar(&sitting.minji.actor, sitting.profile).await.unwrap();
    assert_eq!(sitting.avatar().await, None);
    assert_eq!(sitting.served(second, Large).await, Err(AppError::NotFound(What::Avatar)));
}

#[tokio::test]
async fn nobody_changes_somebody_elses_picture() {
    let sitting = Sitting::new().await;
    let junho = sitting.test_app.user("준호").await;
    let png = Bytes::from(written(&flag(30, 30), ImageFormat::Png));
    let chat = &sitting.test_app.chat;
    let strange = chat.set_avatar(&junho.actor, sitting.profile, png.into(), None).await;
    assert_eq!(strange, Err(AppError::NotFound(What::Profile)));
    let strange = chat.clear_avatar(&junho.actor, sitting.profile).await;
    assert_eq!(strange, Err(AppError::NotFound(What::Profile)));
}

/// The beginning of a JPEG that says it is this large, and progressive or not.
fn jpeg_flood(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let mut jpeg = written(&flag(16, 16), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 1] = if progressive { 0xC2 } else { 0xC0 };
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// A GIF that says it is this large.
fn gif_flood(width: u16, height: u16) -> Vec<u8> {
    let mut gif = written(&flag(2, 2), ImageFormat::Gif);
    gif[6..8].copy_from_slice(&width.to_le_bytes());
    gif[8..10].copy_from_slice(&height.to_le_bytes());
    gif
}

#[tokio::test]
async fn each_format_has_its_limit_and_its_refusal_names_it() {
    let sitting = Sitting::new().await;
    let webp = |avatar: DynamicImage| written(&avatar, ImageFormat::WebP);
    let clear =
        |width, height| webp(RgbaImage::from_pixel(width, height, Rgba([1, 2, 3, 4])).into());
    for (file, most) in [
        (flood(6_400, 6_400), 40_000_000),
        (jpeg_flood(6_400, 6_400, false), 40_000_000),
        (jpeg_flood(4_100, 4_100, true), 16_000_000),
        (jpeg_flood(65_500, 65_500, true), 16_000_000),
        (gif_flood(4_700, 4_700), 22_000_000),
        (webp(flag(12_000, 1_920)), 23_000_000),
        (clear(12_000, 1_400), 16_000_000),
    ] {
        let refused = sitting.refuses(file.clone()).await;
        assert_eq!(
            refused,
            AppError::ImageTooLarge { limit: ImageLimit::Pixels(most) },
            "{} bytes",
            file.len()
        );
    }
    // A row as long as no honest picture has it.
    assert_eq!(sitting.refuses(flood(70_000, 100)).await, AppError::UnreadableImage);
    for large in [jpeg_flood(5_000, 4_000, false), webp(flag(4_000, 1_000)), clear(4_000, 1_000)] {
        sitting.uploads(large, "").await.unwrap();
    }
}

#[tokio::test]
async fn what_is_beside_the_pixels_of_a_jpeg_is_not_read() {
    let sitting = Sitting::new().await;
    let jpeg = lying_jpeg(&flag(900, 600));
    let note = |kind: u8, text: &[u8]| {
        let length = u16::try_from(text.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, 0xFF, kind][..], &length, text].concat()
    };
    let notes: Vec<u8> = [
        note(0xE1, b"http://ns.adobe.com/xmp/extension/\0"),
        note(0xE2, b"ICC_PROFILE\0\x01\xFF"),
        note(0xFE, b"hello"),
    ]
    .concat()
    .repeat(20_000);
    let end = jpeg.len() - 2;
    let full = [&jpeg[..2], &notes, &jpeg[2..end], &notes, &jpeg[end..]].concat();
    let shown = sitting.shows(full, "0,0,300").await;
    assert!(is(*shown.get_pixel(128, 128), RED), "and it is upright all the same");
}

/// Each scan costs the decoder as much as the picture is large, however few bytes it has.
#[tokio::test]
async fn a_jpeg_has_no_more_scans_than_its_kind_needs() {
    let sitting = Sitting::new().await;
    let jpeg = written(&flag(90, 60), ImageFormat::Jpeg);
    let scan = jpeg.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
    let end = jpeg.len() - 2;
    for (kind, scans) in [(0xC0, 4), (0xC0, 1_000), (0xC1, 1_000), (0xC2, 101)] {
        let mut again = jpeg[..scan].to_vec();
        let frame = again.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
        again[frame + 1] = kind;
        for _ in 0..scans {
            again.extend_from_slice(&jpeg[scan..end]);
        }
        again.extend_from_slice(&[0xFF, 0xD9]);
        assert_eq!(sitting.refuses(again).await, AppError::UnreadableImage, "{kind:X} {scans}");
    }
    // Nor before it says how large it is.
    let headless = [&[0xFF, 0xD8][..], &jpeg[scan..end], &jpeg[scan..end], &jpeg[2..]].concat();
    assert_eq!(sitting.refuses(headless).await, AppError::UnreadableImage);
    sitting.uploads(jpeg, "").await.unwrap();
}
