//! A recurrence rule in words: "weekly on Tuesday", "monthly on the first Thursday".

/// Says a rule in words; one that has no simple words is shown as it is written.
pub fn phrase(rule: &str) -> String {
    say(rule).unwrap_or_else(|| rule.to_owned())
}

fn say(rule: &str) -> Option<String> {
    let mut frequency = None;
    let mut interval = 1_u32;
    let mut days = Vec::new();
    let mut month_days = Vec::new();
    let mut position = None;
    for part in rule.trim().trim_start_matches("RRULE:").split(';') {
        let (key, value) = part.split_once('=')?;
        match key.to_uppercase().as_str() {
            "FREQ" => frequency = Some(value.to_uppercase()),
            "INTERVAL" => interval = value.parse().ok()?,
            "BYDAY" => days = value.split(',').map(str::to_uppercase).collect(),
            "BYMONTHDAY" => month_days = value.split(',').map(str::to_owned).collect(),
            "BYSETPOS" => position = Some(value.to_owned()),
            "WKST" => {}
            _ => return None,
        }
    }
    let frequency = frequency?;
    let (adverb, unit) = match frequency.as_str() {
        "DAILY" => ("daily", "days"),
        "WEEKLY" => ("weekly", "weeks"),
        "MONTHLY" => ("monthly", "months"),
        "YEARLY" => ("yearly", "years"),
        _ => return None,
    };
    let often = if interval == 1 { adverb.to_owned() } else { format!("every {interval} {unit}") };
    if let Some(position) = position {
        let ordinal = ordinal(&position)?;
        let work = ["MO", "TU", "WE", "TH", "FR"];
        let all = days.len() == work.len() && work.iter().all(|day| days.iter().any(|d| d == day));
        return all.then(|| format!("{often} on the {ordinal} working day"));
    }
    let on: Option<Vec<_>> = days.iter().map(|day| weekday(day)).collect();
    let on_days: Vec<_> = month_days.iter().map(|day| format!("day {day}")).collect();
    let on = [on?, on_days].concat();
    Some(if on.is_empty() { often } else { format!("{often} on {}", on.join(" and ")) })
}

/// `TU` is Tuesday, `1TH` the first Thursday, `-1FR` the last Friday.
fn weekday(text: &str) -> Option<String> {
    let split = text.len().checked_sub(2)?;
    let (number, day) = (text.get(..split)?, text.get(split..)?);
    let day = match day {
        "MO" => "Monday",
        "TU" => "Tuesday",
        "WE" => "Wednesday",
        "TH" => "Thursday",
        "FR" => "Friday",
        "SA" => "Saturday",
        "SU" => "Sunday",
        _ => return None,
    };
    Some(if number.is_empty() { day.to_owned() } else { format!("the {} {day}", ordinal(number)?) })
}

fn ordinal(number: &str) -> Option<&'static str> {
    Some(match number.trim_start_matches('+') {
        "1" => "first",
        "2" => "second",
        "3" => "third",
        "4" => "fourth",
        "5" => "fifth",
        "-1" => "last",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: &str, expected: &str) {
        assert_eq!(phrase(rule), expected);
    }

    #[test]
    fn usual_rules_have_words() {
        check("FREQ=WEEKLY;BYDAY=TU", "weekly on Tuesday");
        check("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "every 2 weeks on Monday and Wednesday");
        check("RRULE:FREQ=MONTHLY;BYDAY=1TH", "monthly on the first Thursday");
        check("FREQ=MONTHLY;BYDAY=-1FR", "monthly on the last Friday");
        check("FREQ=MONTHLY;BYMONTHDAY=15", "monthly on day 15");
        check("FREQ=DAILY", "daily");
        check("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "monthly on the first working day");
        check("FREQ=YEARLY;BYWEEKNO=7", "FREQ=YEARLY;BYWEEKNO=7");
        check("whenever", "whenever");
    }
}
