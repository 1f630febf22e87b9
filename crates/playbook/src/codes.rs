//! The reader's own codes, each with its page in `pages/`.
//!
//! PLB001 to PLB019 are about files and YAML, PLB020 to PLB039 about documents and their fields,
//! PLB040 and up about references, MDK about Markdown. A code that was given once is never reused.

use diag::{Code, RuleInfo, Severity};

macro_rules! codes {
    ($($constant:ident: $code:literal $name:literal $severity:ident $summary:literal;)*) => {
        $(pub(crate) static $constant: RuleInfo = RuleInfo {
            code: Code($code),
            name: $name,
            severity: Severity::$severity,
            summary: $summary,
            page: include_str!(concat!("pages/", $code, ".md")),
        };)*

        /// All of them, by code.
        static ALL: &[&RuleInfo] = &[$(&$constant),*];
    };
}

codes! {
    SYNTAX: "PLB001" "not-yaml" Error "A document is YAML.";
    UNREADABLE: "PLB002" "unreadable-file" Error "Every file of the playbook can be read.";
    TOO_LARGE: "PLB003" "file-too-large" Error "A file is at most 8 MiB long.";
    NOT_UTF8: "PLB004" "not-utf-8" Error "A file is UTF-8 text.";
    BYTE_ORDER_MARK: "PLB005" "byte-order-mark" Warning "A file starts with its text, not with a byte-order mark.";
    LINK: "PLB006" "link-out-of-playbook" Error "Symbolic links stay inside the playbook and lead somewhere.";
    EMPTY: "PLB007" "nothing-declared" Warning "A file or document declares something.";
    TAB: "PLB008" "tab-indentation" Error "Lines are indented with spaces.";
    MERGE_CONFLICT: "PLB009" "merge-conflict" Error "No merge conflict is left in a file.";
    DUPLICATE_KEY: "PLB010" "duplicate-key" Error "A key stands once in a map.";
    TOO_DEEP: "PLB011" "nested-too-deeply" Error "Lists and maps are nested at most 64 levels deep.";
    ALIASES: "PLB012" "aliases-multiply" Error "The aliases of a document stand for at most 10,000 values.";
    MERGE_KEY: "PLB013" "merge-key" Error "Maps are written out instead of being merged with `<<`.";
    UNKNOWN_TAG: "PLB014" "unknown-tag" Error "Values have no tags.";
    DIRECTIVE: "PLB015" "directive" Error "A file has no `%` directives.";
    KEY_NOT_TEXT: "PLB016" "key-is-not-text" Error "Keys are words.";
    TOO_MANY: "PLB017" "too-many" Error "The counts of documents, values and findings stay within their limits.";
    NO_ENVELOPE: "PLB020" "not-a-resource" Error "A document is a map with `apiVersion`, `kind`, `metadata` and `spec`.";
    UNKNOWN_API_VERSION: "PLB021" "unknown-api-version" Error "The `apiVersion` is one that the council reads.";
    UNKNOWN_KIND: "PLB022" "unknown-kind" Error "The `kind` exists.";
    UNKNOWN_FIELD: "PLB023" "unknown-field" Error "Every field is one that its kind has.";
    MISSING_FIELD: "PLB024" "missing-field" Error "Every field that a kind needs is there.";
    WRONG_TYPE: "PLB025" "wrong-type" Error "Every value is of the type that its field takes.";
    NOT_A_CHOICE: "PLB026" "not-a-choice" Error "A word is one of the choices that its field has.";
    BAD_VALUE: "PLB027" "bad-value" Error "A value has the form that its field takes.";
    NO_SUCH_DATE: "PLB028" "no-such-date" Error "Dates exist in the calendar.";
    BAD_NAME: "PLB029" "bad-name" Error "A name consists of lower-case letters, digits, `-`, `.` and `_`, and has at most 63 characters.";
    DUPLICATE_NAME: "PLB030" "duplicate-name" Error "A name stands for one resource of its kind.";
    READS_DIFFERENTLY: "PLB031" "reads-differently" Warning "Text that other tools read as a boolean or a number stands in quotes.";
    DANGLING: "PLB040" "dangling-reference" Error "What a reference names exists.";
    AMBIGUOUS: "PLB041" "ambiguous-reference" Error "A reference names exactly one resource.";
    WRONG_KIND: "PLB042" "reference-of-wrong-kind" Error "A reference names a resource of a kind that its field takes.";
    RETIRED: "PLB043" "reference-to-retired" Error "Nothing refers to what is retired.";
    OPEN_FRONT_MATTER: "MDK001" "open-front-matter" Error "Front matter that is opened with `---` is closed with `---`.";
    OPEN_FENCE: "MDK002" "open-fence" Warning "A fenced block of resources is closed.";
}

/// The reader's codes with their pages; those of rules come with the vocabulary.
pub fn codes() -> &'static [&'static RuleInfo] {
    ALL
}
