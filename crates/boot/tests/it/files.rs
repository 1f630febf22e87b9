//! Files over HTTP: whole, in parts, and never from outside.

use crate::speaks::Served;

#[tokio::test]
async fn a_file_is_served_whole_and_in_parts() {
    let served = Served::start().await;
    let content: Vec<u8> = (0..200_000_u32).flat_map(|number| number.to_le_bytes()).collect();
    served.write("debian/linux", &content);
    let whole = served.get("/files/debian/linux").await;
    assert_eq!((whole.status, whole.body.len()), (200, content.len()));
    assert_eq!(whole.body, content);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let mark = whole.header("etag").expect("a mark").to_owned();
    let part = |range: &str, more: &str| {
        format!(
            "GET /files/debian/linux HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: {range}\r\n{more}\r\n"
        )
    };
    let middle = served.ask(&part("bytes=100000-100099", "")).await;
    assert_eq!(middle.status, 206);
    assert_eq!(middle.header("content-range"), Some("bytes 100000-100099/800000"));
    assert_eq!(Some(middle.body.as_slice()), content.get(100_000..100_100));
    let end = served.ask(&part("bytes=-4", &format!("If-Range: {mark}\r\n"))).await;
    assert_eq!(Some(end.body.as_slice()), content.get(799_996..));
    let changed = served.ask(&part("bytes=-4", "If-Range: \"other\"\r\n")).await;
    assert_eq!((changed.status, changed.body.len()), (200, content.len()));
    let beyond = served.ask(&part("bytes=800000-", "")).await;
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */800000")));
    served.stop().await;
}

#[tokio::test]
async fn uefi_asks_for_the_head_first() {
    let served = Served::start().await;
    served.write("ipxe.efi", b"program");
    let head = "HEAD /files/ipxe.efi HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = served.ask(head).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some("7"));
    assert_eq!(answer.header("content-type"), Some("application/efi"));
    served.stop().await;
}

#[tokio::test]
async fn an_architecture_is_sent_to_its_first_program() {
    let served = Served::start().await;
    let answer = served.get("/first-stage/7").await;
    assert_eq!((answer.status, answer.header("location")), (307, Some("/files/ipxe.efi")));
    assert_eq!(served.get("/first-stage/2").await.status, 404);
    served.stop().await;
}

#[tokio::test]
async fn no_path_leads_out() {
    let served = Served::start().await;
    served.write("inside", b"x");
    let outside = served.files.path().parent().expect("a parent").join("council-boot-outside");
    std::fs::write(&outside, "secret").expect("a file");
    for path in [
        "/files/../council-boot-outside",
        "/files/..%2fcouncil-boot-outside",
        "/files/%2e%2e/council-boot-outside",
        "/files/inside/../../council-boot-outside",
        "/files//etc/passwd",
        "/files/%2fetc%2fpasswd",
        "/files/inside%00",
        "/files/",
        "/files/.",
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
    std::fs::remove_file(outside).expect("it was there");
    served.stop().await;
}
