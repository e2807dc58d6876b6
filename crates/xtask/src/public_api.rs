//! `cargo xtask public-api`: what the published crates offer, listed and checked in, so that a change of it shows in review.
//!
//! It is read off the pages that rustdoc writes. The stable toolchain has nothing else that knows what macros and derives
//! make: rustdoc's JSON, on which `cargo public-api` and `cargo semver-checks` stand, is there on nightly alone. Where
//! another release of rustdoc writes its pages in another way, the listings are to be written anew.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use html5gum::{StartTag, Token, Tokenizer};

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Where each crate's listing is kept.
const CORE: &str = "crates/core/public-api.txt";
const CLIENT: &str = "crates/client/public-api.txt";

/// Writes the listings anew.
pub(crate) fn write() -> Result<()> {
    let workspace = Workspace::load()?;
    for (file, listing) in listings(&workspace)? {
        fs::write(workspace.path(file), listing).with_context(|| format!("cannot write {file}"))?;
        println!("wrote {file}");
    }
    Ok(())
}

/// That the listings kept are those of the pages.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    for (file, found) in listings(workspace)? {
        let kept = fs::read_to_string(workspace.path(file));
        let kept = kept.with_context(|| format!("cannot read {file}"))?;
        if kept == found {
            continue;
        }
        for change in changes(&kept, &found) {
            println!("{change}");
        }
        bail!("{file} is not what the crate offers; if that is meant:\n  cargo xtask public-api");
    }
    Ok(())
}

/// Writes the pages of all crates, and lets no warning pass.
pub(crate) fn pages() -> Invocation {
    let doc = Invocation::cargo("doc --locked --workspace --all-features --no-deps --config");
    doc.arg(r#"build.rustdocflags=["-Dwarnings"]"#)
}

/// The file of each listing, and what belongs into it.
fn listings(workspace: &Workspace) -> Result<[(&'static str, String); 2]> {
    workspace.run(&pages())?;
    let core = items(workspace, "trtc_call_core")?;
    let mut client = items(workspace, "trtc_call")?;
    for item in &mut client {
        name_if_from_core(item, &core);
    }
    Ok([(CORE, core.concat()), (CLIENT, client.concat())])
}

/// The client offers all that the core does. What that is stands in the core's listing.
fn name_if_from_core(item: &mut String, core: &[String]) {
    let path = |item: &str| item.lines().next().unwrap_or_default().to_owned();
    let here = path(item);
    let there = here.replacen("trtc_call::", "trtc_call_core::", 1);
    if core.iter().any(|item| path(item) == there) {
        *item = format!("{here}\n    the core's\n");
    }
}

/// The lines that are in one of the two alone.
fn changes(kept: &str, found: &str) -> Vec<String> {
    let only = |mark: char, lines: &str, others: &str| -> Vec<String> {
        let others: Vec<&str> = others.lines().collect();
        let lines = lines.lines().filter(|line| !others.contains(line));
        lines.map(|line| format!("{mark} {line}")).collect()
    };
    let mut changes = only('-', kept, found);
    changes.extend(only('+', found, kept));
    changes
}

/// Everything on a crate's pages, by its path.
fn items(workspace: &Workspace, name: &str) -> Result<Vec<String>> {
    let mut items = Vec::new();
    walk(&workspace.path("target/doc").join(name), name, &mut items)?;
    items.sort();
    Ok(items)
}

fn walk(folder: &Path, module: &str, items: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(folder);
    let entries = entries.with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{module}::{file}"), items)?;
            continue;
        }
        let Some(page) = file.strip_suffix(".html") else {
            continue;
        };
        let path = match page.split_once('.') {
            Some((kind, name)) => format!("{module}::{name} ({kind})"),
            None if page == "index" => format!("{module} (mod)"),
            None => continue,
        };
        let offers = offers(&fs::read_to_string(entry.path())?);
        if !offers.is_empty() {
            items.push(format!("{path}\n{}\n", offers.join("\n")));
        }
    }
    Ok(())
}

/// The parts of a page that say what is offered, by the id of the heading above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The declaration itself, and the re-exports of a module.
    Declaration,
    /// What is implemented on it: `impl` and the methods.
    Own,
    /// Traits that are implemented for it: `impl` alone.
    Traits,
    /// The rest repeats those, or follows from them.
    Other,
}

impl Part {
    fn under(heading: &str) -> Part {
        match heading {
            "reexports" => Part::Declaration,
            "implementations" => Part::Own,
            "trait-implementations" => Part::Traits,
            _ => Part::Other,
        }
    }
}

/// What is being read: until the end of which element, and how far in it stands.
struct Reading {
    until: &'static [u8],
    indent: &'static str,
    text: String,
}

/// A page's declarations, in their order.
fn offers(page: &str) -> Vec<String> {
    let mut part = Part::Declaration;
    let mut reading: Option<Reading> = None;
    let mut offers = Vec::new();
    for Ok(token) in Tokenizer::new(page) {
        match token {
            Token::StartTag(tag) => {
                if *tag.name == b"h2"[..] && !attribute(&tag, "id").is_empty() {
                    part = Part::under(&attribute(&tag, "id"));
                }
                if reading.is_none() {
                    reading = begins(part, &tag);
                }
            }
            Token::String(text) => {
                if let Some(reading) = &mut reading {
                    reading.text.push_str(&String::from_utf8_lossy(&text));
                }
            }
            Token::EndTag(tag) => {
                // An attribute stands in a box of its own.
                if let Some(reading) = &mut reading
                    && *tag.name == b"div"[..]
                {
                    reading.text.push('\n');
                }
                let is_read = |reading: &mut Reading| *tag.name == *reading.until;
                if let Some(Reading { indent, text, .. }) = reading.take_if(is_read) {
                    offers.push(tidy(indent, &text));
                }
            }
            _ => {}
        }
    }
    // The compiler's own mark of a derived `PartialEq`.
    offers.retain(|offer| !offer.contains("StructuralPartialEq"));
    offers
}

/// What begins with a tag, if it says what is offered.
fn begins(part: Part, tag: &StartTag<()>) -> Option<Reading> {
    let class = attribute(tag, "class");
    let is_header = class == "code-header";
    let (until, indent): (&[u8], _) = match (part, &**tag.name) {
        (Part::Declaration, b"pre") if class.contains("item-decl") => (b"pre", "    "),
        (Part::Declaration, b"dt") if attribute(tag, "id").starts_with("reexport") => {
            (b"dt", "    ")
        }
        (Part::Own | Part::Traits, b"h3") if is_header => (b"h3", "    "),
        (Part::Own, b"h4") if is_header => (b"h4", "        "),
        _ => return None,
    };
    Some(Reading {
        until,
        indent,
        text: String::new(),
    })
}

fn attribute(tag: &StartTag<()>, name: &str) -> String {
    let value = tag.attributes.get(name.as_bytes());
    value.map_or_else(String::new, |value| {
        String::from_utf8_lossy(value).into_owned()
    })
}

/// Its lines, each indented; without empty ones, and without what rustdoc adds for readers.
fn tidy(indent: &str, text: &str) -> String {
    let text = text.replace(" ⓘ", "\n").replace('\u{a0}', " ");
    let lines = text.lines();
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.starts_with("Show "));
    let lines: Vec<String> = lines
        .map(|line| format!("{indent}{}", line.trim_end()))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_is_declared_and_implemented_and_leaves_out_what_follows_from_it() {
        let page = r##"<h1>Struct <span>A</span></h1>
            <pre class="rust item-decl"><code><div class="code-attribute">#[non_exhaustive]</div>pub struct A(<span class="comment">/* private fields */</span>);</code></pre>
            <p>Prose, and <code>code</code>.</p>
            <h2 id="implementations">Implementations</h2>
            <section id="impl-A" class="impl"><h3 class="code-header">impl <a>A</a></h3></section>
            <section id="method.b" class="method"><h4 class="code-header">pub fn <a>b</a>(&amp;self) -&gt; u8</h4></section>
            <h2 id="trait-implementations">Trait Implementations</h2>
            <section class="impl"><h3 class="code-header">impl <a>Clone</a> for A</h3></section>
            <section class="method"><h4 class="code-header">fn <a>clone</a>(&amp;self) -&gt; A</h4></section>
            <h2 id="synthetic-implementations">Auto Trait Implementations</h2>
            <section class="impl"><h3 class="code-header">impl Send for A</h3></section>"##;
        assert_eq!(
            offers(page),
            [
                "    #[non_exhaustive]\n    pub struct A(/* private fields */);",
                "    impl A",
                "        pub fn b(&self) -> u8",
                "    impl Clone for A",
            ]
        );
    }

    #[test]
    fn what_the_client_has_of_the_core_is_named_once() {
        let core = ["trtc_call_core::A (struct)\n    pub struct A;\n".to_owned()];
        let mut same =
            "trtc_call::A (struct)\n    pub struct A;\n    impl Clone for A\n".to_owned();
        name_if_from_core(&mut same, &core);
        assert_eq!(same, "trtc_call::A (struct)\n    the core's\n");
        let mut own = "trtc_call::B (struct)\n    pub struct B;\n".to_owned();
        name_if_from_core(&mut own, &core);
        assert!(own.contains("pub struct B"));
    }

    #[test]
    fn a_change_is_told_by_its_lines() {
        assert_eq!(changes("a\nb\n", "a\nc\n"), ["- b", "+ c"]);
    }
}
