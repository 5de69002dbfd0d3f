//! Circular dependencies between files: imports and re-exports are followed file
//! by file, and the circles that remain are on a list that may only shrink.

use std::collections::{BTreeMap, BTreeSet};

use crate::known_circles::{PROGRAM, SANDBOX};
use crate::reading::{CodePath, code_of, from_root, is_word, module_path, paths_of, words};

/// Which files a file uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// A file without its tests.
struct File {
    /// Its code without `use` declarations.
    code: String,
    imports: Vec<Import>,
}

/// A name that a `use` declaration imports.
struct Import {
    name: String,
    /// Its path from the root of the crate.
    from: Vec<String>,
    is_exported: bool,
}

/// The graph of a package. `files` are paths below `src` with their texts.
fn graph(files: &[(String, String)]) -> Graph {
    let mut hidden = BTreeSet::new();
    let mut modules = BTreeMap::new();
    for (file, text) in files {
        let (code, tests) = without_tests(&code_of(text));
        let module = module_of(file);
        hidden.extend(tests.into_iter().map(|name| child(&module, &name)));
        modules.insert(module.clone(), (file.as_str(), read(file, &code)));
    }
    let is_test = |module: &Vec<String>| {
        let is_named = |part: &String| part == "tests" || part.ends_with("_tests");
        module.iter().any(is_named) || (1..=module.len()).any(|end| hidden.contains(&module[..end]))
    };
    modules.retain(|module, _| !is_test(module));
    let package = Package { modules };
    let mut graph = Graph::new();
    for (module, (file, read)) in &package.modules {
        let used = package.used_by(module, file, read);
        graph.insert((*file).to_owned(), used);
    }
    graph
}

struct Package<'a> {
    modules: BTreeMap<Vec<String>, (&'a str, File)>,
}

impl Package<'_> {
    /// The files that a file uses. A re-export alone is not a use.
    fn used_by(&self, module: &[String], file: &str, read: &File) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        for import in &read.imports {
            if !import.is_exported || !words(&read.code, &import.name).is_empty() {
                used.extend(self.home_of(&import.from, 0));
            }
        }
        for path in paths_of(&read.code) {
            let first = &path.segments[0];
            let imported = read.imports.iter().find(|import| import.name == *first);
            let full = if let Some(full) = from_root(file, &read.code, &path) {
                full
            } else if let Some(import) = imported {
                [&import.from, &path.segments[1..]].concat()
            } else if self.modules.contains_key(&child(module, first)) {
                [module, &path.segments].concat()
            } else {
                continue;
            };
            used.extend(self.home_of(&full, 0));
        }
        used.remove(file);
        used
    }

    /// The file that defines the item of a path. Re-exports are followed.
    fn home_of(&self, path: &[String], depth: usize) -> Option<String> {
        let mut module = Vec::new();
        let mut rest = path;
        while let [name, after @ ..] = rest {
            let below = child(&module, name);
            if !self.modules.contains_key(&below) {
                break;
            }
            (module, rest) = (below, after);
        }
        let (file, read) = self.modules.get(&module)?;
        if let [name, after @ ..] = rest
            && let Some(import) = read.imports.iter().find(|import| import.name == *name)
            && depth < 20
        {
            return self.home_of(&[&import.from, after].concat(), depth + 1);
        }
        Some((*file).to_owned())
    }
}

fn child(module: &[String], name: &str) -> Vec<String> {
    let mut below = module.to_vec();
    below.push(name.to_owned());
    below
}

/// The module of a file; that of `lib.rs` is the root.
fn module_of(file: &str) -> Vec<String> {
    match file {
        "lib.rs" => Vec::new(),
        file => module_path(file),
    }
}

/// Blanks the items below `#[cfg(test)]`, and returns the names of the modules
/// among them.
fn without_tests(code: &str) -> (String, Vec<String>) {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut names = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = item_end(item);
        let mut words = item[..end].split(|c| !is_word(c)).filter(|w| !w.is_empty());
        if words.any(|word| word == "mod") {
            names.extend(words.next().map(str::to_owned));
        }
        kept.extend(item[..end].chars().map(|c| if c == '\n' { c } else { ' ' }));
        rest = &item[end..];
    }
    kept.push_str(rest);
    (kept, names)
}

/// The end of an item: its `;`, or the brace that closes its body.
fn item_end(item: &str) -> usize {
    let mut depth = 0;
    for (at, c) in item.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    item.len()
}

/// Separates the `use` declarations from the other code.
fn read(file: &str, code: &str) -> File {
    let modules: BTreeSet<&str> = words(code, "mod")
        .into_iter()
        .filter_map(|at| code[at + 3..].trim_start().split(|c| !is_word(c)).next())
        .collect();
    let mut imports = Vec::new();
    let mut kept = String::new();
    let mut last = 0;
    for at in words(code, "use") {
        let tree = &code[at + 3..];
        let Some(length) = tree.find(';').filter(|_| tree.starts_with(' ')) else {
            continue;
        };
        // Nothing but `pub(…)` ends like that before a `use`.
        let before = code[..at].trim_end();
        let is_exported = before.ends_with("pub") || before.ends_with(')');
        let mut leaves = Vec::new();
        use_leaves(&tree[..length], &[], &mut leaves);
        for (name, segments) in leaves {
            let path = CodePath {
                offset: at,
                segments,
            };
            let from = from_root(file, code, &path).or_else(|| {
                let is_child = modules.contains(path.segments[0].as_str());
                is_child.then(|| [module_of(file), path.segments].concat())
            });
            imports.extend(from.map(|from| Import {
                name,
                from,
                is_exported,
            }));
        }
        kept.push_str(&code[last..at]);
        last = at + 3 + length;
    }
    kept.push_str(&code[last..]);
    File {
        code: kept,
        imports,
    }
}

/// The names that a `use` tree imports, each with its path.
fn use_leaves(tree: &str, before: &[String], leaves: &mut Vec<(String, Vec<String>)>) {
    let tree = tree.trim();
    if let Some(inner) = tree.strip_prefix('{') {
        for branch in branches(inner.trim_end_matches('}')) {
            use_leaves(branch, before, leaves);
        }
    } else if let Some((head, rest)) = tree.split_once("::") {
        use_leaves(rest, &child(before, head.trim()), leaves);
    } else if !tree.is_empty() {
        let (name, alias) = match tree.split_once(" as ") {
            Some((name, alias)) => (name.trim(), alias.trim()),
            None => (tree, tree),
        };
        let path = match name {
            "self" => before.to_vec(),
            name => child(before, name),
        };
        let alias = match alias {
            "self" => path.last().cloned().unwrap_or_default(),
            alias => alias.to_owned(),
        };
        leaves.push((alias, path));
    }
}

/// The parts of a group, split at its own commas.
fn branches(inner: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    parts
}

/// The strongly connected components of a graph with more than one file.
fn circles(graph: &Graph) -> BTreeSet<BTreeSet<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|file| (file.as_str(), reached_from(graph, file)))
        .collect();
    let mutual = |file: &str| -> BTreeSet<String> {
        reached[file]
            .iter()
            .filter(|other| reached[*other].contains(file))
            .map(|other| (*other).to_owned())
            .collect()
    };
    graph
        .keys()
        .map(|file| mutual(file))
        .filter(|circle| circle.len() > 1)
        .collect()
}

/// The files that can be reached over at least one edge.
fn reached_from<'a>(graph: &'a Graph, file: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&'a String> = graph.get(file).into_iter().flatten().collect();
    while let Some(file) = next.pop() {
        if graph.contains_key(file) && reached.insert(file.as_str()) {
            next.extend(&graph[file]);
        }
    }
    reached
}

/// The differences between the circles of a graph and the list, which has a
/// paragraph for each circle and a line for each file.
fn differences(graph: &Graph, listed: &str) -> Vec<String> {
    let found = circles(graph);
    let listed: BTreeSet<BTreeSet<String>> = listed
        .trim()
        .split_terminator("\n\n")
        .map(|circle| circle.lines().map(str::to_owned).collect())
        .collect();
    let list = |circle: &BTreeSet<String>| {
        let files: Vec<&str> = circle.iter().map(String::as_str).collect();
        files.join("\n    ")
    };
    let mut wrong = Vec::new();
    for circle in found.difference(&listed) {
        let known = listed.iter().find(|known| !known.is_disjoint(circle));
        if known.is_some_and(|known| circle.is_subset(known)) {
            wrong.push(format!(
                "a circle has become smaller; only these are left in it:\n    {}",
                list(circle)
            ));
            continue;
        }
        let mut text = String::from(match known {
            Some(_) => "a circle has grown:",
            None => "a new circle:",
        });
        for file in circle {
            let used: Vec<&str> = graph[file]
                .intersection(circle)
                .map(String::as_str)
                .collect();
            let mark = match known {
                Some(known) if known.contains(file) => "",
                _ => " (new)",
            };
            text.push_str(&format!("\n    {file}{mark} uses {}", used.join(", ")));
        }
        wrong.push(text);
    }
    for circle in listed.difference(&found) {
        if found.iter().all(|found| found.is_disjoint(circle)) {
            wrong.push(format!(
                "no circle any more; remove it from the list:\n    {}",
                list(circle)
            ));
        }
    }
    wrong
}

fn hold(files: &[(String, String)], listed: &str) {
    let wrong = differences(&graph(files), listed);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_program_has_no_circles_but_those_listed() {
    hold(&crate::program(), PROGRAM);
}

#[test]
fn the_sandbox_has_no_circles_but_those_listed() {
    let files: Vec<_> = crate::sources()
        .into_iter()
        .filter_map(|(file, text)| Some((file.strip_prefix("sandbox/")?.to_owned(), text)))
        .collect();
    hold(&files, SANDBOX);
}

// The rule can fail.

fn example(files: &[(&str, &str)]) -> Graph {
    let files: Vec<_> = files
        .iter()
        .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
        .collect();
    graph(&files)
}

fn used(graph: &Graph, file: &str) -> Vec<String> {
    graph[file].iter().cloned().collect()
}

#[test]
fn every_form_of_use_is_followed_to_the_file_that_has_it() {
    for text in [
        "use crate::room::Thing;",
        "use crate::{other::A, room::{self, Thing as That}};",
        "fn f() -> crate::room::Thing { make() }",
        "use crate::room;\nfn f() { room::Thing::new() }",
        "use crate::room::thing::{inner::Part};",
        "pub(crate) use crate::room::Thing;\nfn f(thing: Thing) {}",
        "mod inner { use super::super::room::Thing; }",
    ] {
        let graph = example(&[
            ("lib.rs", "mod user; mod room;"),
            ("user.rs", text),
            ("room/mod.rs", "mod thing;\npub(crate) use thing::Thing;"),
            (
                "room/thing.rs",
                "pub struct Thing; pub mod inner { pub struct Part; }",
            ),
        ]);
        assert!(
            used(&graph, "user.rs").contains(&"room/thing.rs".to_owned()),
            "{text}: {graph:?}"
        );
        assert_eq!(used(&graph, "room/mod.rs"), [""; 0], "it passes it on");
    }
}

#[test]
fn what_uses_nothing_makes_no_circle() {
    for text in [
        "// use crate::room::Thing;",
        "const A: &str = \"crate::room::Thing\";",
        "pub use crate::room::Thing;",
        "#[cfg(test)]\nuse crate::room::Thing;",
        "#[cfg(test)]\nmod tests { use crate::room::Thing; fn f() {} }",
        "fn f() -> impl Iterator<Item = u8> + use<> { std::iter::empty() }",
        "mod room { } use other_crate::room::Thing;",
    ] {
        let graph = example(&[
            ("lib.rs", "mod user; mod room;"),
            ("user.rs", text),
            ("room.rs", "pub struct Thing;"),
        ]);
        assert_eq!(used(&graph, "user.rs"), [""; 0], "{text}");
    }
    let tested = example(&[
        ("lib.rs", "mod a; #[cfg(test)]\nmod aging;"),
        ("a.rs", "#[cfg(test)] mod tests;"),
        ("a/tests.rs", "use super::A;"),
        ("aging.rs", "use crate::a;"),
    ]);
    assert_eq!(tested.keys().collect::<Vec<_>>(), ["a.rs", "lib.rs"]);
}

#[test]
fn a_circle_is_found_behind_a_parent_that_passes_names_on() {
    let graph = example(&[
        ("lib.rs", "mod room;"),
        (
            "room/mod.rs",
            "mod a; mod b; mod c;\nuse a::A;\npub use {b::B, c::C};\nfn f(_: A) {}",
        ),
        ("room/a.rs", "use super::B; pub struct A;"),
        ("room/b.rs", "use super::c::C; pub struct B;"),
        ("room/c.rs", "use super::a; pub struct C(a::A);"),
    ]);
    let circle = "room/a.rs\nroom/b.rs\nroom/c.rs";
    assert_eq!(differences(&graph, circle), [""; 0]);
    let said = |listed: &str| differences(&graph, listed).join("; ");
    let new = said("");
    assert!(
        new.starts_with("a new circle:\n    room/a.rs (new) uses room/b.rs"),
        "{new}"
    );
    let grown = said("room/a.rs\nroom/b.rs");
    assert!(
        grown.starts_with("a circle has grown:")
            && grown.contains("room/c.rs (new) uses room/a.rs"),
        "{grown}"
    );
    let smaller = said(&format!("{circle}\nroom/mod.rs"));
    assert!(
        smaller.starts_with("a circle has become smaller"),
        "{smaller}"
    );
    let gone = said(&format!("{circle}\n\nx.rs\ny.rs"));
    assert!(gone.starts_with("no circle any more; remove it"), "{gone}");
}
