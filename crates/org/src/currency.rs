//! The currencies that are in use, by their ISO 4217 codes.
//!
//! A table and not a library: it changes about once a year, and only codes are needed. Absent on
//! purpose: funds, metals and test codes, in which nobody pays for machines.

/// All current codes, in order.
#[rustfmt::skip]
pub(crate) const CODES: [&str; 154] = [
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD",
    "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF",
    "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN",
    "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD",
    "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES",
    "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
    "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN",
    "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP",
    "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK",
    "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT",
    "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND",
    "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// Codes that a newer one replaced within memory, with the new one.
const REPLACED: [(&str, &str); 9] = [
    ("ANG", "XCG"),
    ("BGN", "EUR"),
    ("DEM", "EUR"),
    ("EEK", "EUR"),
    ("FRF", "EUR"),
    ("HRK", "EUR"),
    ("ITL", "EUR"),
    ("LTL", "EUR"),
    ("LVL", "EUR"),
];

/// Says whether a code is a current currency's.
pub(crate) fn is_known(code: &str) -> bool {
    CODES.binary_search(&code).is_ok()
}

/// The code that replaced another, or its spelling in capital letters.
pub(crate) fn replacement(code: &str) -> Option<&'static str> {
    let upper = code.to_uppercase();
    let replaced = REPLACED.iter().find(|(former, _)| *former == upper).map(|(_, now)| *now);
    let sign = [("€", "EUR"), ("EURO", "EUR"), ("$", "USD"), ("£", "GBP")];
    let spelt = CODES.iter().find(|known| **known == upper).copied();
    replaced.or(spelt).or_else(|| sign.iter().find(|(sign, _)| *sign == upper).map(|(_, now)| *now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_without_former_currencies() {
        assert!(CODES.is_sorted());
        assert!(REPLACED.iter().all(|(former, now)| !is_known(former) && is_known(now)));
    }

    #[test]
    fn what_people_write_is_mended() {
        assert_eq!(replacement("eur"), Some("EUR"));
        assert_eq!(replacement("€"), Some("EUR"));
        assert_eq!(replacement("hrk"), Some("EUR"));
        assert_eq!(replacement("XYZ"), None);
    }
}
