//! The module as the linker wrote it: its relocations tell exactly which functions and data each function uses,
//! through pointers too.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context as _, Result, bail, ensure};
use wasmparser::{
    DataKind, Element, ElementItems, ElementKind, ExternalKind, KnownCustom, Linking, Operator,
    Parser, Payload, RelocSectionReader, RelocationEntry, RelocationType, SymbolInfo, TypeRef,
};

use crate::part::Parts;

/// wasm-bindgen calls these while it writes the glue, and then removes them.
const DESCRIPTOR: &str = "__wbindgen_describe";

/// What the parts need of what they share: the function table and the memory.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Needs {
    /// The first part that may call the function in a slot of the table.
    pub(crate) slots: HashMap<u32, usize>,
    /// The first part that may read the data at an address; of what is not listed, the first of all.
    pub(crate) data: Vec<(Range<u32>, usize)>,
}

/// Something that uses others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    /// A function, by its index.
    Function(u32),
    /// A function whose address is taken.
    Pointer(u32),
    /// A symbol of data, by its place in the table of symbols.
    Data(u32),
}

#[derive(Default)]
pub(crate) struct Linked<'a> {
    imported_functions: u32,
    exports: Vec<(&'a str, u32)>,
    /// Which function is in which slot of the table.
    slots: HashMap<u32, u32>,
    /// Where in the code section each function's body is.
    bodies: Vec<Range<usize>>,
    /// Where each segment is: its address, and its place in the data section.
    segments: Vec<(u32, Range<usize>)>,
    symbols: Vec<SymbolInfo<'a>>,
    uses: HashMap<Item, Vec<Item>>,
}

impl<'a> Linked<'a> {
    pub(crate) fn read(module: &'a [u8]) -> Result<Linked<'a>> {
        let mut linked = Linked::default();
        let mut relocations = Vec::new();
        let (mut section_index, mut code_section, mut data_section) = (0, (0, 0), (0, 0));
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload?;
            match &payload {
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        if matches!(import?.ty, TypeRef::Func(_)) {
                            linked.imported_functions += 1;
                        }
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports.clone() {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            linked
                                .exports
                                .push((without_hash(export.name), export.index));
                        }
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements.clone() {
                        linked.slots.extend(slots_of(&element?)?);
                    }
                }
                Payload::CodeSectionStart {
                    unchecked_range, ..
                } => {
                    code_section = (section_index, place(unchecked_range.start)?);
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    let (start, end) = (place(range.start)?, place(range.end)?);
                    linked
                        .bodies
                        .push(start - code_section.1..end - code_section.1);
                    // A body is no section.
                    continue;
                }
                Payload::DataSection(segments) => {
                    let start = place(segments.range().start)?;
                    data_section = (section_index, start);
                    for segment in segments.clone() {
                        let segment = segment?;
                        let address = address_of(&segment.kind)?;
                        let end = place(segment.range.end)? - start;
                        let length = segment.data.len();
                        linked.segments.push((address, end - length..end));
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            if let Linking::SymbolTable(symbols) = part? {
                                linked.symbols = symbols.into_iter().collect::<Result<_, _>>()?;
                            }
                        }
                    }
                    KnownCustom::Reloc(section) => relocations.push(section),
                    _ => {}
                },
                Payload::Version { .. } | Payload::End(_) => continue,
                _ => {}
            }
            section_index += 1;
        }
        ensure!(
            !linked.symbols.is_empty() && !relocations.is_empty(),
            "the module must be linked with --emit-relocs"
        );
        for section in relocations {
            if section.section_index() == code_section.0 {
                linked.read_relocations(&section, Linked::function_at)?;
            } else if section.section_index() == data_section.0 {
                linked.read_relocations(&section, Linked::data_at)?;
            }
        }
        Ok(linked)
    }

    /// `user_at` tells what stands at a place in the section.
    fn read_relocations(
        &mut self,
        section: &RelocSectionReader<'_>,
        user_at: fn(&Linked<'a>, usize) -> Option<Item>,
    ) -> Result<()> {
        for relocation in section.entries() {
            let relocation = relocation?;
            let user = user_at(self, relocation.offset as usize);
            let Some(used) = self.used(&relocation)? else {
                continue;
            };
            let user = user.context("a relocation of what has no symbol")?;
            self.uses.entry(user).or_default().push(used);
        }
        Ok(())
    }

    fn function_at(&self, place: usize) -> Option<Item> {
        let index = self.bodies.partition_point(|body| body.end <= place);
        let body = self.bodies.get(index)?;
        let index = u32::try_from(index).ok()?;
        body.contains(&place)
            .then_some(Item::Function(self.imported_functions + index))
    }

    fn data_at(&self, place: usize) -> Option<Item> {
        let symbols = (0..).zip(&self.symbols);
        let mut found = symbols.filter(|(_, symbol)| {
            let SymbolInfo::Data {
                symbol: Some(data), ..
            } = symbol
            else {
                return false;
            };
            let Some((_, segment)) = self.segments.get(data.index as usize) else {
                return false;
            };
            let start = segment.start + data.offset as usize;
            (start..start + data.size as usize).contains(&place)
        });
        found.next().map(|(index, _)| Item::Data(index))
    }

    /// What a relocation refers to, where that is a function or data.
    fn used(&self, relocation: &RelocationEntry) -> Result<Option<Item>> {
        use RelocationType::{
            FunctionIndexLeb, GlobalIndexLeb, MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb,
            TableIndexI32, TableIndexSleb, TableNumberLeb, TypeIndexLeb,
        };
        let is_pointer = match relocation.ty {
            FunctionIndexLeb => false,
            TableIndexI32 | TableIndexSleb => true,
            MemoryAddrI32 | MemoryAddrLeb | MemoryAddrSleb => {
                return Ok(Some(Item::Data(relocation.index)));
            }
            TypeIndexLeb | GlobalIndexLeb | TableNumberLeb => return Ok(None),
            other => bail!("a relocation of an unknown kind: {other:?}"),
        };
        match self.symbols.get(relocation.index as usize) {
            Some(&SymbolInfo::Func { index, .. }) if is_pointer => Ok(Some(Item::Pointer(index))),
            Some(&SymbolInfo::Func { index, .. }) => Ok(Some(Item::Function(index))),
            _ => bail!("a relocation of a function that has no symbol"),
        }
    }

    /// What the parts need.
    pub(crate) fn needs(&self, parts: &Parts) -> Result<Needs> {
        parts.check(&self.exports)?;
        let mut first_users: HashMap<Item, usize> = HashMap::new();
        for part in parts.all() {
            let exports = self
                .exports
                .iter()
                .filter(|(name, _)| !name.starts_with(DESCRIPTOR) && parts.of_export(name) == part);
            let mut open: Vec<Item> = exports.map(|(_, index)| Item::Function(*index)).collect();
            while let Some(item) = open.pop() {
                if first_users.contains_key(&item) {
                    continue;
                }
                first_users.insert(item, part);
                open.extend(self.uses.get(&item).into_iter().flatten().copied());
                if let Item::Pointer(function) = item {
                    open.push(Item::Function(function));
                }
            }
        }
        let slots = self.slots.iter().filter_map(|(slot, function)| {
            let part = first_users.get(&Item::Pointer(*function))?;
            Some((*slot, *part))
        });
        let mut needs = Needs {
            slots: slots.collect(),
            data: Vec::new(),
        };
        for (index, symbol) in (0..).zip(&self.symbols) {
            let SymbolInfo::Data {
                symbol: Some(data), ..
            } = symbol
            else {
                continue;
            };
            let Some(&part) = first_users.get(&Item::Data(index)) else {
                continue;
            };
            let Some((address, _)) = self.segments.get(data.index as usize) else {
                bail!("a symbol of data in no segment");
            };
            let start = address + data.offset;
            needs.data.push((start..start + data.size, part));
        }
        needs.data.sort_by_key(|(range, _)| range.start);
        Ok(needs)
    }
}

/// wasm-bindgen adds a crate's hash to the names of exports until it writes the glue.
fn without_hash(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|c| c.is_ascii_hexdigit()) => {
            name
        }
        _ => name,
    }
}

/// The slots of the function table that a segment fills, and with which functions.
pub(crate) fn slots_of(element: &Element<'_>) -> Result<Vec<(u32, u32)>> {
    let ElementKind::Active {
        table_index,
        offset_expr,
    } = &element.kind
    else {
        bail!("a segment of elements that is not active");
    };
    ensure!(
        table_index.unwrap_or_default() == 0,
        "elements of another table than the first"
    );
    let ElementItems::Functions(functions) = &element.items else {
        bail!("a segment of elements that are no functions");
    };
    (constant(offset_expr)?..)
        .zip(functions.clone())
        .map(|(slot, function)| Ok((slot, function?)))
        .collect()
}

fn place(place: u64) -> Result<usize> {
    Ok(usize::try_from(place)?)
}

pub(crate) fn address_of(kind: &DataKind<'_>) -> Result<u32> {
    match kind {
        DataKind::Active { offset_expr, .. } => constant(offset_expr),
        DataKind::Passive => bail!("a segment of data that is not active"),
    }
}

fn constant(expression: &wasmparser::ConstExpr<'_>) -> Result<u32> {
    match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(u32::try_from(value)?),
        other => bail!("an offset that is no constant: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_lose_their_hash() {
        for (linked, name) in [
            ("signer_sign_31f69d407f87d1d9", "signer_sign"),
            ("__wbindgen_malloc", "__wbindgen_malloc"),
            ("memory", "memory"),
            (
                "signer_sign_31f69d407f87d1dx",
                "signer_sign_31f69d407f87d1dx",
            ),
        ] {
            assert_eq!(without_hash(linked), name);
        }
    }
}
