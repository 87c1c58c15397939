//! GUIDs that are made of another: the same input gives the same.

use sha1::{Digest, Sha1};

/// Reads a GUID of 36 characters, in either case.
pub fn parse(text: &str) -> Option<[u8; 16]> {
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let is_shaped = text.len() == 36
        && text.bytes().enumerate().all(
            |(at, byte)| {
                if is_dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() }
            },
        );
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    let number = u128::from_str_radix(&digits, 16).ok().filter(|_| is_shaped)?;
    Some(number.to_be_bytes())
}

/// Returns the GUID of a name under another GUID: version 5 of RFC 9562, in upper case.
pub fn named(namespace: [u8; 16], name: &str) -> String {
    let digest = Sha1::new().chain_update(namespace).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x50;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let text = format!("{:032X}", u128::from_be_bytes(bytes));
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::{named, parse};

    #[test]
    fn names_have_the_guid_of_the_standard() {
        // RFC 9562, appendix A.4: `www.example.com` in the namespace of names of hosts.
        let hosts = parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8").unwrap();
        assert_eq!(named(hosts, "www.example.com"), "2ED6657D-E927-568B-95E1-2665A8AEA6A2");
    }

    #[test]
    fn knows_a_guid_from_its_nearest_wrong_neighbours() {
        for bad in [
            "",
            "6ba7b8109dad11d180b400c04fd430c8",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c",
            "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
            "6ba7b81-09dad-11d1-80b4-00c04fd430c8",
            "+ba7b810-9dad-11d1-80b4-00c04fd430c8",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
