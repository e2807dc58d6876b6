//! The optimised module, and its parts as modules of their own.
//!
//! The first part owns memory, tables and globals. A later part imports these and the functions of earlier parts
//! that it calls; it brings its own data and its own slots of the function table along. Nothing in an earlier part
//! calls or reads what is in a later one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;

use anyhow::{Context as _, Result, bail, ensure};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, FunctionSection, GlobalSection, ImportSection, MemorySection,
    Module, NameMap, NameSection, TableSection, TypeSection,
};
use wasmparser::{
    Element, Export, ExternalKind, FunctionBody, Global, Import, KnownCustom, MemoryType, Name,
    Operator, Parser, Payload, RecGroup, Table, TypeRef,
};

use crate::linked::{Needs, address_of, slots_of};
use crate::part::Parts;

/// The module that later parts import everything from: JavaScript passes the exports of all earlier parts. The name
/// stands in every import, so it is short.
const IMPORTED: &str = "";

const TARGET_FEATURES: &str = "target_features";

#[derive(Default)]
pub(crate) struct Program<'a> {
    types: Vec<RecGroup>,
    /// Functions, all of them.
    imports: Vec<Import<'a>>,
    /// The types of the functions that the module itself has.
    function_types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    tables: Vec<Table<'a>>,
    memories: Vec<MemoryType>,
    globals: Vec<Global<'a>>,
    exports: Vec<Export<'a>>,
    elements: Vec<Element<'a>>,
    /// What is in memory from the start, by its address.
    data: Vec<(u32, &'a [u8])>,
    names: HashMap<u32, &'a str>,
    /// What the optimiser must know about the module.
    target_features: &'a [u8],
}

impl<'a> Program<'a> {
    pub(crate) fn read(module: &'a [u8]) -> Result<Program<'a>> {
        let mut program = Program::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(types) => {
                    program.types = types.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(imports) => {
                    program.imports = imports.into_imports().collect::<Result<_, _>>()?;
                }
                Payload::FunctionSection(functions) => {
                    program.function_types = functions.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::TableSection(tables) => {
                    program.tables = tables.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::MemorySection(memories) => {
                    program.memories = memories.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::GlobalSection(globals) => {
                    program.globals = globals.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::ExportSection(exports) => {
                    program.exports = exports.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::ElementSection(elements) => {
                    program.elements = elements.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => program.bodies.push(body),
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        program
                            .data
                            .push((address_of(&segment.kind)?, segment.data));
                    }
                }
                Payload::CustomSection(custom) => {
                    if custom.name() == TARGET_FEATURES {
                        program.target_features = custom.data();
                    }
                    if let KnownCustom::Name(names) = custom.as_known() {
                        for name in names {
                            if let Name::Function(functions) = name? {
                                for naming in functions {
                                    let naming = naming?;
                                    program.names.insert(naming.index, naming.name);
                                }
                            }
                        }
                    }
                }
                Payload::Version { .. }
                | Payload::DataCountSection { .. }
                | Payload::CodeSectionStart { .. }
                | Payload::End(_) => {}
                other => bail!("a section that this cannot cut: {other:?}"),
            }
        }
        for import in &program.imports {
            ensure!(
                matches!(import.ty, TypeRef::Func(_)),
                "an import that is no function: {}",
                import.name
            );
        }
        ensure!(program.memories.len() == 1, "not one memory");
        Ok(program)
    }

    /// The parts as modules, in order.
    pub(crate) fn cut(&self, parts: &Parts, needs: &Needs) -> Result<Vec<(&'static str, Vec<u8>)>> {
        let callees = self.callees()?;
        let slots = self.slots()?;
        let part_of = self.assign(parts, needs, &callees, &slots);
        // What later parts call is exported, under a short name that no other export has.
        let mut shared = BTreeSet::new();
        for (caller, callees) in &callees {
            let Some(part) = part_of.get(caller) else {
                continue;
            };
            let is_shared = |callee: &&u32| part_of.get(*callee).is_some_and(|other| other != part);
            shared.extend(callees.iter().filter(is_shared).copied());
        }
        let mut files = Vec::new();
        for (part, (name, _)) in parts.0.iter().enumerate() {
            let cut = Cut {
                program: self,
                part,
                part_of: &part_of,
                callees: &callees,
                shared: &shared,
            };
            let data = self.data_of(part, needs);
            files.push((*name, cut.module(&slots, &data)?));
        }
        Ok(files)
    }

    /// The names of the functions that each part exports, as a module of JavaScript and its types.
    pub(crate) fn exports_as_javascript(&self, parts: &Parts) -> (String, String) {
        let (mut code, mut types) = (String::new(), String::new());
        for (part, (name, _)) in parts.0.iter().enumerate() {
            let is_listed = |export: &&Export<'_>| {
                export.kind == ExternalKind::Func && parts.of_export(export.name) == part
            };
            let exports = self.exports.iter().filter(is_listed);
            let exports: Vec<_> = exports
                .map(|export| format!("  {:?},\n", export.name))
                .collect();
            code += &format!("export const {name} = [\n{}];\n", exports.concat());
            types += &format!("export const {name}: readonly string[];\n");
        }
        (code, types)
    }

    fn imported(&self) -> u32 {
        u32::try_from(self.imports.len()).unwrap_or(u32::MAX)
    }

    /// Which functions each function calls.
    fn callees(&self) -> Result<BTreeMap<u32, BTreeSet<u32>>> {
        let mut callees = BTreeMap::new();
        for (caller, body) in (self.imported()..).zip(&self.bodies) {
            let mut called = BTreeSet::new();
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                        called.insert(function_index);
                    }
                    Operator::RefFunc { .. } => bail!("a reference to a function in code"),
                    _ => {}
                }
            }
            callees.insert(caller, called);
        }
        Ok(callees)
    }

    /// Which function is in which slot of the table.
    fn slots(&self) -> Result<BTreeMap<u32, u32>> {
        let mut slots = BTreeMap::new();
        for element in &self.elements {
            slots.extend(slots_of(element)?);
        }
        Ok(slots)
    }

    /// The first part that needs each function; what none needs is left out.
    fn assign(
        &self,
        parts: &Parts,
        needs: &Needs,
        callees: &BTreeMap<u32, BTreeSet<u32>>,
        slots: &BTreeMap<u32, u32>,
    ) -> HashMap<u32, usize> {
        let mut part_of = HashMap::new();
        for part in parts.all() {
            let exports = self.exports.iter().filter(|export| {
                export.kind == ExternalKind::Func && parts.of_export(export.name) == part
            });
            let pointed_at = slots
                .iter()
                .filter(|(slot, _)| needs.slots.get(slot) == Some(&part));
            let mut open: Vec<u32> = exports.map(|export| export.index).collect();
            open.extend(pointed_at.map(|(_, function)| *function));
            while let Some(function) = open.pop() {
                // JavaScript's functions are in no part: each imports those that it calls.
                if function < self.imported() {
                    continue;
                }
                if let std::collections::hash_map::Entry::Vacant(entry) = part_of.entry(function) {
                    entry.insert(part);
                    open.extend(callees.get(&function).into_iter().flatten().copied());
                }
            }
        }
        part_of
    }

    /// The data that a part brings along.
    fn data_of(&self, part: usize, needs: &Needs) -> Vec<(u32, Vec<u8>)> {
        let mut pieces = Vec::new();
        for (address, bytes) in &self.data {
            let end = address + u32::try_from(bytes.len()).unwrap_or_default();
            let mut owners: Vec<Option<usize>> = vec![None; bytes.len()];
            for (range, owner) in &needs.data {
                let overlap = range.start.max(*address)..range.end.min(end);
                for place in overlap {
                    if let Some(slot) = owners.get_mut((place - address) as usize) {
                        *slot = Some(slot.map_or(*owner, |other| other.min(*owner)));
                    }
                }
            }
            let is_ours = |place: &usize| {
                // Data that no symbol covers is kept where it was.
                owners.get(*place).copied().flatten().unwrap_or_default() == part
            };
            for run in runs(bytes, is_ours) {
                let start = address + u32::try_from(run.start).unwrap_or_default();
                pieces.push((start, bytes.get(run).unwrap_or_default().to_vec()));
            }
        }
        pieces
    }
}

/// A segment costs some 8 bytes of its own, so that shorter gaps are not worth one.
const SHORTEST_GAP: usize = 8;

/// The runs of bytes that are ours and not zero, as memory is anyway. Short gaps are part of a run where they are
/// zero too, so that nobody else's data is written.
fn runs(bytes: &[u8], is_ours: impl Fn(&usize) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (place, byte) in bytes.iter().enumerate() {
        if *byte == 0 || !is_ours(&place) {
            continue;
        }
        match runs.last_mut() {
            Some(run)
                if place - run.end <= SHORTEST_GAP
                    && (run.end..place).all(|gap| {
                        is_ours(&gap) || bytes.get(gap).is_none_or(|byte| *byte == 0)
                    }) =>
            {
                run.end = place + 1;
            }
            _ => runs.push(place..place + 1),
        }
    }
    runs
}

/// One part on its way out.
struct Cut<'a> {
    program: &'a Program<'a>,
    part: usize,
    part_of: &'a HashMap<u32, usize>,
    callees: &'a BTreeMap<u32, BTreeSet<u32>>,
    shared: &'a BTreeSet<u32>,
}

impl Cut<'_> {
    fn is_first(&self) -> bool {
        self.part == 0
    }

    fn is_ours(&self, function: u32) -> bool {
        self.part_of.get(&function) == Some(&self.part)
    }

    /// What this part has of the functions that the module itself has.
    fn own(&self) -> Vec<(u32, &FunctionBody<'_>)> {
        let functions = (self.program.imported()..).zip(&self.program.bodies);
        functions
            .filter(|(function, _)| self.is_ours(*function))
            .collect()
    }

    /// The functions that this part imports: JavaScript's, and those of earlier parts.
    fn foreign(&self) -> Vec<u32> {
        let is_passed_through = |export: &&Export<'_>| {
            export.kind == ExternalKind::Func
                && export.index < self.program.imported()
                && self.has_export(export)
        };
        let exports = self.program.exports.iter();
        let passed_through = exports.filter(is_passed_through);
        let mut foreign: BTreeSet<u32> = passed_through.map(|export| export.index).collect();
        for (function, _) in self.own() {
            let callees = self.callees.get(&function).into_iter().flatten();
            foreign.extend(callees.filter(|callee| !self.is_ours(**callee)).copied());
        }
        foreign.into_iter().collect()
    }

    /// The type of a function that the program itself has.
    fn type_of(&self, function: u32) -> Result<u32> {
        let own = function.checked_sub(self.program.imported());
        let ty = own.and_then(|own| self.program.function_types.get(own as usize));
        ty.copied().context("no such function")
    }

    fn module(&self, slots: &BTreeMap<u32, u32>, data: &[(u32, Vec<u8>)]) -> Result<Vec<u8>> {
        let program = self.program;
        let own = self.own();
        let foreign = self.foreign();
        let order = foreign
            .iter()
            .chain(own.iter().map(|(function, _)| function));
        let mut renumber = Renumber(order.copied().zip(0..).collect());

        let mut types = TypeSection::new();
        for group in &program.types {
            utils::parse_recursive_type_group(&mut renumber, types.ty(), group.clone())?;
        }
        let mut imports = ImportSection::new();
        for function in &foreign {
            match program.imports.get(*function as usize) {
                Some(import) => utils::parse_import(&mut renumber, &mut imports, *import)?,
                None => {
                    let ty = EntityType::Function(self.type_of(*function)?);
                    imports.import(IMPORTED, &short_name(*function), ty);
                }
            }
        }
        if !self.is_first() {
            for (index, table) in (0..).zip(&program.tables) {
                let ty = renumber.table_type(table.ty)?;
                imports.import(IMPORTED, &format!("table{index}"), ty);
            }
            for memory in &program.memories {
                imports.import(IMPORTED, "memory", renumber.memory_type(*memory)?);
            }
            for (index, global) in (0..).zip(&program.globals) {
                let ty = renumber.global_type(global.ty)?;
                imports.import(IMPORTED, &format!("global{index}"), ty);
            }
        }
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for (function, body) in &own {
            functions.function(self.type_of(*function)?);
            utils::parse_function_body(&mut renumber, &mut code, (*body).clone())?;
        }
        let mut tables = TableSection::new();
        let mut memories = MemorySection::new();
        let mut globals = GlobalSection::new();
        if self.is_first() {
            for table in &program.tables {
                utils::parse_table(&mut renumber, &mut tables, table.clone())?;
            }
            for memory in &program.memories {
                memories.memory(renumber.memory_type(*memory)?);
            }
            for global in &program.globals {
                utils::parse_global(&mut renumber, &mut globals, global.clone())?;
            }
        }
        let exports = self.exports(&mut renumber)?;
        let mut elements = ElementSection::new();
        for (slot, function) in slots {
            if self.is_ours(*function) {
                let offset = ConstExpr::i32_const(i32::try_from(*slot)?);
                let function = renumber.function_index(*function)?;
                elements.active(
                    None,
                    &offset,
                    Elements::Functions([function].as_slice().into()),
                );
            }
        }
        let mut segments = DataSection::new();
        for (address, bytes) in data {
            let offset = ConstExpr::i32_const(i32::try_from(*address)?);
            segments.active(0, &offset, bytes.iter().copied());
        }
        let mut function_names = NameMap::new();
        for (new, old) in foreign
            .iter()
            .chain(own.iter().map(|(old, _)| old))
            .enumerate()
        {
            if let Some(name) = program.names.get(old) {
                function_names.append(u32::try_from(new)?, name);
            }
        }
        let mut names = NameSection::new();
        names.functions(&function_names);

        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&tables).section(&memories).section(&globals);
        module.section(&exports).section(&elements);
        module.section(&code).section(&segments).section(&names);
        module.section(&CustomSection {
            name: TARGET_FEATURES.into(),
            data: program.target_features.into(),
        });
        Ok(module.finish())
    }

    /// A function is exported where it is: of two that are alike, in different parts, the optimiser may have made one.
    fn has_export(&self, export: &Export<'_>) -> bool {
        match export.kind {
            // JavaScript's own function, passed through.
            ExternalKind::Func if export.index < self.program.imported() => self.is_first(),
            ExternalKind::Func => self.is_ours(export.index),
            _ => self.is_first(),
        }
    }

    fn exports(&self, renumber: &mut Renumber) -> Result<ExportSection> {
        let program = self.program;
        let mut exports = ExportSection::new();
        for export in &program.exports {
            if self.has_export(export) {
                utils::parse_export(renumber, &mut exports, *export)?;
            }
        }
        for function in self.shared {
            if self.is_ours(*function) {
                let index = renumber.function_index(*function)?;
                exports.export(&short_name(*function), ExportKind::Func, index);
            }
        }
        if self.is_first() {
            for (index, _) in (0..).zip(&program.tables) {
                exports.export(&format!("table{index}"), ExportKind::Table, index);
            }
            for (index, _) in (0..).zip(&program.globals) {
                exports.export(&format!("global{index}"), ExportKind::Global, index);
            }
        }
        Ok(exports)
    }
}

/// Functions have their own numbers in each part; everything else keeps its number.
struct Renumber(HashMap<u32, u32>);

impl Reencode for Renumber {
    type Error = Elsewhere;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error<Elsewhere>> {
        let index = self.0.get(&function).copied();
        index.ok_or(reencode::Error::UserError(Elsewhere(function)))
    }
}

/// A function that a part uses and does not have.
#[derive(Debug)]
struct Elsewhere(u32);

impl fmt::Display for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "function {} is in another part", self.0)
    }
}

impl std::error::Error for Elsewhere {}

/// The number in few of the printable characters, the first of which no name in use begins with: it comes before the
/// letters.
fn short_name(function: u32) -> String {
    let printable = |digit: u32| char::from_u32(u32::from('!') + digit);
    let before_letters = u32::from('A') - u32::from('!');
    let all = u32::from('~') + 1 - u32::from('!');
    let mut digits = Vec::new();
    let mut rest = function;
    while rest >= before_letters {
        digits.extend(printable(rest % all));
        rest /= all;
    }
    digits.extend(printable(rest));
    digits.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use wasmparser::{Validator, WasmFeatures};

    use super::*;

    const PARTS: Parts = Parts(&[("main", &["now"]), ("more", &[])]);

    const PROGRAM: &str = r#"(module
        (type (func (param i32) (result i32)))
        (import "js" "log" (func $log (type 0)))
        (memory (export "memory") 1)
        (table 4 funcref)
        (global $stack (mut i32) (i32.const 1024))
        (elem (i32.const 1) $first_pointer $later_pointer)
        (func $both (type 0) (local.get 0))
        (func $first_pointer (type 0) (i32.const 1))
        (func $later_pointer (type 0) (call $both (i32.const 2)))
        (func $only_later (type 0) (call $log (call $both (local.get 0))))
        (func $unused (type 0) (i32.const 3))
        (func (export "now") (type 0) (call_indirect (type 0) (call $both (local.get 0)) (i32.const 1)))
        (func (export "later") (type 0)
            (global.set $stack (i32.const 1))
            (call_indirect (type 0) (call $only_later (local.get 0)) (i32.const 2)))
        (data (i32.const 16) "first---later---shared--nobody--"))"#;

    fn needs() -> Needs {
        Needs {
            slots: [(1, 0), (2, 1)].into(),
            data: vec![(16..24, 0), (24..32, 1), (32..40, 1), (32..40, 0)],
        }
    }

    fn cut() -> Vec<(&'static str, Vec<u8>)> {
        let module = wat::parse_str(PROGRAM).unwrap();
        let program = Program::read(&module).unwrap();
        program.cut(&PARTS, &needs()).unwrap()
    }

    fn imports_and_exports(module: &[u8]) -> (Vec<String>, Vec<String>) {
        let (mut imports, mut exports) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import.unwrap();
                        imports.push(format!("{}.{}", import.module, import.name));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        exports.push(export.unwrap().name.to_owned());
                    }
                }
                _ => {}
            }
        }
        (imports, exports)
    }

    #[test]
    fn every_part_is_a_valid_module() {
        for (name, module) in cut() {
            let validated = Validator::new_with_features(WasmFeatures::all()).validate_all(&module);
            assert!(validated.is_ok(), "{name}: {:?}", validated.err());
        }
    }

    #[test]
    fn a_later_part_imports_what_it_shares_and_brings_the_rest() {
        let parts = cut();
        let [(_, main), (_, more)] = parts.as_slice() else {
            panic!("two parts");
        };
        let (imports, exports) = imports_and_exports(main);
        assert_eq!(imports, [] as [&str; 0]);
        assert_eq!(exports, ["memory", "now", "\"", "table0", "global0"]);
        let (imports, exports) = imports_and_exports(more);
        let expected = ["js.log", ".\"", ".table0", ".memory", ".global0"];
        assert_eq!(imports, expected);
        assert_eq!(exports, ["later"]);
    }

    #[test]
    fn data_and_slots_are_divided_and_what_nobody_claims_is_in_the_first_part() {
        let parts = cut();
        let read = |module| Program::read(module).unwrap();
        let main = read(&parts[0].1);
        assert_eq!(
            main.data,
            [(16, &b"first---"[..]), (32, &b"shared--nobody--"[..])]
        );
        assert_eq!(main.slots().unwrap().into_keys().collect::<Vec<_>>(), [1]);
        let elements = Parser::new(0)
            .parse_all(&parts[1].1)
            .find_map(|payload| match payload {
                Ok(Payload::ElementSection(elements)) => Some(elements.count()),
                _ => None,
            });
        assert_eq!(elements, Some(1));
    }

    #[test]
    fn short_gaps_are_joined_unless_somebody_else_has_them() {
        let bytes = b"ab\0\0cdXXef\0\0\0\0\0\0\0\0\0\0gh";
        let ours = |place: &usize| !(6..8).contains(place);
        assert_eq!(runs(bytes, ours), [0..6, 8..10, 20..22]);
    }

    #[test]
    fn short_names_differ() {
        assert_eq!(
            [0, 31, 32, 94, 3007, 3008].map(short_name),
            ["!", "@", "!A", "\"!", "@~", "!A!"]
        );
    }
}
