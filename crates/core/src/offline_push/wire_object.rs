/// An object of the service in which every field may be left out, each in two spellings: the service's, which
/// is written, and this library's, which is read too.
macro_rules! wire_object {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $wire:literal | $own:literal,)*
        }
    ) => {
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(rename = $wire, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }

        impl $name {
            pub(super) fn read(&mut self, reader: &mut super::read::Reader<'_, '_>) {
                $(reader.field($wire, $own, &mut self.$field);)*
            }
        }
    };
}

pub(super) use wire_object;
