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
            /// Fields of the service's that this release does not know: they travel as they are.
            #[serde(flatten)]
            #[cfg_attr(feature = "openapi", schemars(skip))]
            pub extra: crate::Extra,
        }

        impl $name {
            pub(super) fn read(&mut self, reader: &mut super::read::Reader<'_, '_>) {
                $(reader.field($wire, $own, &mut self.$field);)*
                reader.extra(&mut self.extra);
            }

            /// The names of its fields.
            pub(super) fn names() -> super::read::Names {
                super::read::Names::asked_by(|reader| $name::default().read(reader))
            }
        }
    };
}

pub(super) use wire_object;
