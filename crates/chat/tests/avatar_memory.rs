//! What decoding a picture takes, at the worst of each format: measured, in a process of its own. Memory grows with
//! the pixels, so a tenth of the largest picture has to stay within a tenth of what the largest may take.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test stops at what is not as it should be")]

use bytes::Bytes;
use chat::{Chat, ClientInfo, RateLimits, SignUp, Upload};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::{
    env, fs,
    io::Cursor,
    net::{IpAddr, Ipv4Addr},
    process::Command,
};
use store::Store;

const SIDE: u32 = 2_000;
const PIXELS: u64 = 4_000_000;
/// What a picture may take.
const MEMORY_MAX: u64 = 200_000_000;
/// What is there whatever the picture is: squares, tables, the reading of the file.
const BESIDES: u64 = 8_000_000;

fn memory(kind: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(kind)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

fn noisy() -> RgbImage {
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let [a, b, ..] =
            ((x / 8).wrapping_mul(2_654_435_761) ^ (y / 8).wrapping_mul(40_503)).to_le_bytes();
        Rgb([a & 15, b & 15, 0])
    })
}

fn written(avatar: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    avatar.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn progressive() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 60);
    encoder.set_progressive(true);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_1_1);
    let side = u16::try_from(SIDE).unwrap();
    encoder.encode(noisy().as_raw(), side, side, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    let crc = !body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    });
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &body, &crc.to_be_bytes()].concat()
}

/// A PNG of 16 bits, with its passes (Adam7), and a colour profile of 64 MB that is small in the file.
fn interlaced() -> Vec<u8> {
    const PASSES: [(u32, u32, u32, u32); 7] = [
        (0, 8, 0, 8),
        (4, 8, 0, 8),
        (0, 4, 4, 8),
        (2, 4, 0, 4),
        (0, 2, 2, 4),
        (1, 2, 0, 2),
        (0, 1, 1, 2),
    ];
    let mut raw = Vec::new();
    for (left, across, top, down) in PASSES {
        for y in (top..SIDE).step_by(usize::try_from(down).unwrap()) {
            raw.push(0);
            for x in (left..SIDE).step_by(usize::try_from(across).unwrap()) {
                let [a, b, ..] = ((x / 16) ^ (y / 16)).to_le_bytes();
                raw.extend_from_slice(&[a, 1, b, 2, a, 3, 255, 255]);
            }
        }
    }
    let side = SIDE.to_be_bytes();
    let header = [&side[..], &side, &[16, 6, 0, 0, 1]].concat();
    let squeeze = |bytes: &[u8]| miniz_oxide::deflate::compress_to_vec_zlib(bytes, 1);
    let profile = [b"x\0\0", &*squeeze(&vec![0; 64 << 20])].concat();
    let chunks = [
        chunk(*b"IHDR", &header),
        chunk(*b"iCCP", &profile),
        chunk(*b"IDAT", &squeeze(&raw)),
        chunk(*b"IEND", b""),
    ];
    [b"\x89PNG\r\n\x1a\n", &*chunks.concat()].concat()
}

/// In a process of its own for each: what the allocator keeps of one picture would hide the next.
#[test]
fn the_worst_of_each_format_stays_within_the_memory_that_a_picture_may_take() {
    for what in ["PNG", "JPEG", "progressive JPEG", "WebP", "GIF"] {
        let mut alone = Command::new(env::current_exe().unwrap());
        alone.args(["--exact", "one_of_them", "--ignored"]).env("PICTURE", what);
        assert!(alone.status().unwrap().success(), "{what}");
    }
}

#[tokio::test]
#[ignore = "run by the test above, for each format"]
async fn one_of_them() {
    let what = env::var("PICTURE").unwrap();
    let (file, most) = match what.as_str() {
        "PNG" => (interlaced(), 40_000_000),
        "JPEG" => (written(noisy().into(), ImageFormat::Jpeg), 40_000_000),
        "progressive JPEG" => (progressive(), 16_000_000),
        "WebP" => (written(noisy().into(), ImageFormat::WebP), 23_000_000),
        _ => (written(noisy().into(), ImageFormat::Gif), 22_000_000),
    };
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("instance.db").display());
    let store = Store::open(&url).await.unwrap();
    let chat = Chat::new(store, RateLimits::Off, chat::system_clock());
    let client_info = ClientInfo {
        device_token: None,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: String::new(),
        session: None,
    };
    let form = SignUp {
        email: "minji@example.com".into(),
        name: "민지".into(),
        password: "따뜻한 온돌방의 밤".into(),
        invitation: None,
        setup_link: None,
        at_the_machine: true,
    };
    let token = chat.sign_up(form, &client_info).await.unwrap().token;
    let actor = chat.actor(token.as_str()).await.unwrap().unwrap();
    let profile = chat.profile_assignments(&actor).await.unwrap().profiles.first().unwrap().id;
    // The test holds it once, and what keeps it while it waits is no part of decoding.
    let upload = Upload::from(Bytes::from(file));
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory("VmRSS:");
    let done = chat.set_avatar(&actor, profile, upload, None).await;
    assert_eq!(done, Ok(()), "{what}");
    let took = memory("VmHWM:").saturating_sub(before);
    let may_take = MEMORY_MAX * PIXELS / most + BESIDES;
    assert!(took <= may_take, "{what}: {took} bytes for {PIXELS} pixels, may be {may_take}");
}
