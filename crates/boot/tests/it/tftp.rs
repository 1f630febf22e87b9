//! TFTP: by a real client, and byte by byte where a real client would not go.

use std::time::Duration;

use boot::Event;
use tokio::net::UdpSocket;

use crate::speaks::Served;

/// How long a packet may take over loopback on a busy machine before the test says so.
const PATIENCE: Duration = Duration::from_secs(20);

async fn client() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").await.expect("a port")
}

/// The next packet, and the port that it came from.
async fn hear(socket: &UdpSocket) -> (Vec<u8>, std::net::SocketAddr) {
    let mut buffer = vec![0; 70_000];
    let received = tokio::time::timeout(PATIENCE, socket.recv_from(&mut buffer)).await;
    let (length, from) = received.expect("an answer in time").expect("an answer");
    buffer.truncate(length);
    (buffer, from)
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_fetches_a_first_program() {
    let served = Served::start().await;
    // Exact blocks, less than one, and a rest: the last packet differs.
    for length in [1, 511, 512, 1468 * 3, 100_003] {
        let content: Vec<u8> = (0..length).map(|number: u32| number.to_le_bytes()[0]).collect();
        served.write("boot/ipxe.efi", &content);
        for block in ["512", "1468", "8000"] {
            let url = format!("tftp://{}/boot/ipxe.efi", served.tftp);
            let output = tokio::process::Command::new("curl")
                .args(["--silent", "--show-error", "--tftp-blksize", block, &url])
                .output()
                .await;
            let Ok(output) = output else {
                eprintln!("LEFT OUT: no `curl` fetched anything over TFTP");
                return;
            };
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{length} bytes by {block}: {said}");
            assert!(output.stdout == content, "{length} bytes by {block} arrive as they are");
        }
    }
    assert!(served.told().contains(&Event::Fetched { file: "boot/ipxe.efi".to_owned() }));
    served.stop().await;
}

#[tokio::test]
async fn options_are_agreed_and_a_lost_packet_is_sent_again() {
    let served = Served::start().await;
    served.write("a", &[7; 2000]);
    let socket = client().await;
    let request = b"\0\x01a\0octet\0blksize\x0065464\0tsize\x000\0timeout\x001\0";
    socket.send_to(request, served.tftp).await.expect("sent");
    let (options, transfer) = hear(&socket).await;
    // A block that would travel in fragments is made smaller.
    assert_eq!(options, b"\0\x06blksize\x001468\0timeout\x001\0tsize\x002000\0");
    assert_ne!(transfer, served.tftp);
    // Nothing is said, so it is sent again.
    assert_eq!(hear(&socket).await.0, options);
    socket.send_to(b"\0\x04\0\0", transfer).await.expect("sent");
    let (first, _) = hear(&socket).await;
    assert_eq!((first.get(..4), first.len()), (Some(&b"\0\x03\0\x01"[..]), 1472));
    // An acknowledgement of something older is passed over; the block comes again after its time.
    socket.send_to(b"\0\x04\0\0", transfer).await.expect("sent");
    assert_eq!(hear(&socket).await.0, first);
    socket.send_to(b"\0\x04\0\x01", transfer).await.expect("sent");
    let (second, _) = hear(&socket).await;
    assert_eq!((second.get(..4), second.len()), (Some(&b"\0\x03\0\x02"[..]), 4 + 2000 - 1468));
    socket.send_to(b"\0\x04\0\x02", transfer).await.expect("sent");
    served.stop().await;
}

#[tokio::test]
async fn an_empty_file_is_one_empty_block() {
    let served = Served::start().await;
    served.write("empty", b"");
    let socket = client().await;
    socket.send_to(b"\0\x01empty\0octet\0", served.tftp).await.expect("sent");
    assert_eq!(hear(&socket).await.0, b"\0\x03\0\x01");
    served.stop().await;
}

#[tokio::test]
async fn the_first_script_is_there_too() {
    let served = Served::start().await;
    let socket = client().await;
    socket.send_to(b"\0\x01boot.ipxe\0octet\0", served.tftp).await.expect("sent");
    let (packet, _) = hear(&socket).await;
    assert_eq!(packet, b"\0\x03\0\x01the first script\n");
    served.stop().await;
}

#[tokio::test]
async fn nothing_is_written_and_nothing_outside_is_read() {
    let served = Served::start().await;
    served.write("inside", b"x");
    for (request, code) in [
        (&b"\0\x02inside\0octet\0"[..], 2),
        (b"\0\x01../etc/passwd\0octet\0", 1),
        (b"\0\x01/etc/passwd\0octet\0", 1),
        (b"\0\x01nothing\0octet\0", 1),
        (b"\0\x01inside\0netascii\0", 0),
        (b"\0\x09", 4),
    ] {
        let socket = client().await;
        socket.send_to(request, served.tftp).await.expect("sent");
        let (packet, _) = hear(&socket).await;
        assert_eq!(packet.get(..4), Some(&[0, 5, 0, code][..]), "{request:?}: {packet:?}");
    }
    assert_eq!(std::fs::read(served.files.path().join("inside")).expect("it is there"), b"x");
    served.stop().await;
}
