//! Values as PostgreSQL takes them.

use tokio_postgres::types::ToSql;

use super::super::Value;

/// A value of any type.
pub(super) type Parameter = Box<dyn ToSql + Sync + Send>;

/// Rows as an array for each column, and the arrays' types.
pub(super) fn arrays(rows: Vec<Vec<Value>>) -> (String, Vec<Parameter>) {
    let width = rows.first().map_or(0, Vec::len);
    let mut columns: Vec<Vec<Value>> = (0..width).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let mut types = Vec::with_capacity(width);
    let mut arrays = Vec::with_capacity(width);
    for (number, column) in (1..).zip(columns) {
        let (name, array): (_, Parameter) = match column.first() {
            Some(Value::Flag(_)) => {
                let flags = column
                    .iter()
                    .map(|value| matches!(value, Value::Flag(true)));
                ("boolean", Box::new(flags.collect::<Vec<bool>>()))
            }
            Some(Value::Integer(_)) => {
                let numbers = column.iter().map(|value| match value {
                    Value::Integer(number) => *number,
                    _ => None,
                });
                ("bigint", Box::new(numbers.collect::<Vec<Option<i64>>>()))
            }
            _ => {
                let texts = column.into_iter().map(|value| match value {
                    Value::Text(text) => text,
                    _ => None,
                });
                ("text", Box::new(texts.collect::<Vec<Option<String>>>()))
            }
        };
        types.push(format!("${number}::{name}[]"));
        arrays.push(array);
    }
    (types.join(", "), arrays)
}

pub(super) fn borrowed(arrays: &[Parameter]) -> Vec<&(dyn ToSql + Sync)> {
    arrays
        .iter()
        .map(|array| &**array as &(dyn ToSql + Sync))
        .collect()
}

pub(super) fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(parameter).collect()
}

fn parameter(value: &Value) -> &(dyn ToSql + Sync) {
    match value {
        Value::Integer(number) => number,
        Value::Text(text) => text,
        Value::Flag(flag) => flag,
        Value::Texts(texts) => texts,
    }
}
