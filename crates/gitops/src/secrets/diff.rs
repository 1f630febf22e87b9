//! The scanner on a unified diff: only what is added counts, at its line in the new file.

use super::leak::Leak;
use super::scan::scan;

/// Finds secrets in the lines that a diff adds. Files keep the names that the diff gives them on the new side.
#[must_use]
pub fn scan_diff(diff: &str) -> Vec<Leak> {
    let mut leaks = Vec::new();
    let mut added = Added::default();
    let (mut line, mut in_hunk) = (0, 0);
    for text in diff.lines() {
        if in_hunk == 0 {
            if let Some(name) = text.strip_prefix("+++ ") {
                leaks.extend(added.finish());
                added.path = name.strip_prefix("b/").unwrap_or(name).trim_end().to_owned();
            } else if let Some((start, count)) = hunk(text) {
                (line, in_hunk) = (start, count);
            }
            continue;
        }
        if let Some(content) = text.strip_prefix('+') {
            added.push(line, content);
        } else if text.starts_with('-') || text.starts_with('\\') {
            continue;
        }
        line += 1;
        in_hunk -= 1;
    }
    leaks.extend(added.finish());
    leaks
}

/// The lines that a diff adds to one file, put together so that rules over several lines work.
#[derive(Default)]
struct Added {
    path: String,
    text: String,
    lines: Vec<usize>,
}

impl Added {
    fn push(&mut self, line: usize, content: &str) {
        self.lines.push(line);
        self.text.push_str(content);
        self.text.push('\n');
    }

    fn finish(&mut self) -> Vec<Leak> {
        let Self { path, text, lines } = std::mem::take(self);
        let place = |leak: Leak| {
            let line = lines.get(leak.line - 1).copied().unwrap_or(leak.line);
            Leak { line, span: None, ..leak }
        };
        scan(&path, &text).into_iter().map(place).collect()
    }
}

/// Reads `@@ -1,2 +3,4 @@`: the first line of the new side and how many lines of it follow.
fn hunk(text: &str) -> Option<(usize, usize)> {
    let new = text.strip_prefix("@@ ")?.split(' ').find_map(|part| part.strip_prefix('+'))?;
    let (start, count) = new.split_once(',').unwrap_or((new, "1"));
    Some((start.parse().ok()?, count.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_added_lines_count_at_their_place_in_the_new_file() {
        let diff = "\
diff --git a/app.yaml b/app.yaml
--- a/app.yaml
+++ b/app.yaml
@@ -10,3 +10,4 @@ spec:
 a: 1
-password: oldSecret42!
+password: newSecret43!
+b: 2
 c: 3
diff --git a/gone.yaml b/gone.yaml
--- a/gone.yaml
+++ /dev/null
@@ -1,1 +0,0 @@
-password: goneSecret44!
--- a/two.env
+++ b/two.env
@@ -0,0 +1 @@
+DB_PASSWORD=thirdSecret45!
\\ No newline at end of file
";
        let found: Vec<String> = scan_diff(diff)
            .iter()
            .map(|leak| format!("{}:{} {}", leak.path, leak.line, leak.rule))
            .collect();
        assert_eq!(found, ["app.yaml:11 password", "two.env:1 password"]);
    }

    #[test]
    fn a_key_over_several_added_lines_is_found() {
        let body = "kX9vQz2LmT7wRb4NyH8sJc3FpD6g";
        let diff =
            format!("+++ b/k.pem\n@@ -0,0 +1,2 @@\n+-----BEGIN RSA PRIVATE KEY-----\n+{body}\n");
        assert_eq!(scan_diff(&diff).len(), 1);
    }

    #[test]
    fn what_is_no_diff_is_nothing() {
        assert!(scan_diff("password: newSecret43!\n@@ nonsense\n+x\n").is_empty());
    }
}
