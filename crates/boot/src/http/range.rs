//! Byte ranges (RFC 9110 §14), as far as firmware and installers use them: one range at a time.
//!
//! Several ranges in one request are answered with the whole file, which §14.2 allows.

/// The part of a file that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// From the first byte to the last, both counted from 0 and both sent.
    From(u64, u64),
    /// Nothing that was asked for is there.
    Beyond,
}

/// Reads the header `Range` of a request for a file of a length.
pub(super) fn part(header: Option<&str>, length: u64) -> Part {
    let Some(range) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Part::Whole;
    };
    let Some((first, last)) = range.split_once('-').filter(|_| !range.contains(',')) else {
        return Part::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (first.trim(), last.trim()) {
        ("", "") => Part::Whole,
        // The last so many bytes.
        ("", count) => match number(count) {
            None => Part::Whole,
            Some(0) => Part::Beyond,
            Some(_) if length == 0 => Part::Beyond,
            Some(count) => Part::From(length.saturating_sub(count), length - 1),
        },
        (first, last) => {
            let end = if last.is_empty() { Some(u64::MAX) } else { number(last) };
            match (number(first), end) {
                (Some(first), Some(last)) if first > last => Part::Whole,
                (Some(first), Some(_)) if first >= length => Part::Beyond,
                (Some(first), Some(last)) => Part::From(first, last.min(length - 1)),
                (None, _) | (_, None) => Part::Whole,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(header: &str, expected: Part) {
        assert_eq!(part(Some(header), 10), expected, "{header}");
    }

    #[test]
    fn one_range_is_cut_to_the_file() {
        check("bytes=0-3", Part::From(0, 3));
        check("bytes=4-", Part::From(4, 9));
        check("bytes=8-99", Part::From(8, 9));
        check("bytes=-3", Part::From(7, 9));
        check("bytes=-99", Part::From(0, 9));
        check("bytes=10-", Part::Beyond);
        check("bytes=-0", Part::Beyond);
        assert_eq!(part(Some("bytes=-1"), 0), Part::Beyond);
        assert_eq!(part(None, 10), Part::Whole);
    }

    #[test]
    fn what_nobody_understands_gets_the_whole_file() {
        for header in ["bytes=a-b", "bytes=3-1", "lines=0-1", "bytes=0-1,4-5", "bytes=", "bytes=-"]
        {
            check(header, Part::Whole);
        }
    }

    proptest! {
        #[test]
        fn no_range_leaves_the_file(header in "(bytes=)?[0-9,-]{0,24}", length in 0_u64..50) {
            if let Part::From(first, last) = part(Some(&header), length) {
                prop_assert!(first <= last && last < length);
            }
        }
    }
}
