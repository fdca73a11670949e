use crate::access::Action;

/// One thing that can be done to many records at once. It sets fields as a form would, or deletes; so what holds for one
/// record holds for each.
#[derive(Debug)]
pub struct BulkAction {
    /// Its one name, in forms and in the table of jobs.
    pub name: &'static str,
    /// What one chooses it by: `Give a role`.
    pub label: &'static str,
    /// What it does, with `{rows}` for the records and `{value}` for what was chosen: `Give {value} to {rows}`.
    pub(super) says: &'static str,
    pub(super) deed: Deed,
    /// The filter that finds the records that have the value already.
    pub(super) counted_by: Option<&'static str>,
}

/// What is done to each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A field gets this value.
    Set {
        field: &'static str,
        value: &'static str,
    },
    /// A field gets the value that was chosen.
    Choose {
        field: &'static str,
    },
    /// The value that was chosen comes to those of a field.
    Add {
        field: &'static str,
    },
    /// The value that was chosen goes from those of a field.
    Remove {
        field: &'static str,
    },
    Delete,
}

impl BulkAction {
    /// Sets a field to a value that is always the same.
    #[must_use]
    pub const fn set(
        name: &'static str,
        label: &'static str,
        says: &'static str,
        field: &'static str,
        value: &'static str,
    ) -> Self {
        Self::of(name, label, says, Deed::Set { field, value })
    }

    /// Sets a field that points to one record to the one that is chosen.
    #[must_use]
    pub const fn choose(name: &'static str, label: &'static str, says: &'static str, field: &'static str) -> Self {
        Self::of(name, label, says, Deed::Choose { field })
    }

    /// Adds what is chosen to a field of several.
    #[must_use]
    pub const fn add(name: &'static str, label: &'static str, says: &'static str, field: &'static str) -> Self {
        Self::of(name, label, says, Deed::Add { field })
    }

    /// Removes what is chosen from a field of several.
    #[must_use]
    pub const fn remove(name: &'static str, label: &'static str, says: &'static str, field: &'static str) -> Self {
        Self::of(name, label, says, Deed::Remove { field })
    }

    /// Deletes.
    #[must_use]
    pub const fn delete() -> Self {
        Self::of("delete", "Delete", "Delete {rows}", Deed::Delete)
    }

    const fn of(name: &'static str, label: &'static str, says: &'static str, deed: Deed) -> Self {
        BulkAction { name, label, says, deed, counted_by: None }
    }

    /// This filter of the list finds the records that have the value already, so that they need not be looked at one by one.
    #[must_use]
    pub const fn counted_by(mut self, filter: &'static str) -> Self {
        self.counted_by = Some(filter);
        self
    }

    /// What one has to be permitted to do to a record.
    #[must_use]
    pub fn needs(&self) -> Action {
        if self.deed == Deed::Delete { Action::Delete } else { Action::Update }
    }

    /// The field that it writes, if it writes one.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self.deed {
            Deed::Set { field, .. } | Deed::Choose { field } | Deed::Add { field } | Deed::Remove { field } => {
                Some(field)
            }
            Deed::Delete => None,
        }
    }

    /// True when a value is to be chosen for it.
    #[must_use]
    pub fn takes_value(&self) -> bool {
        !matches!(self.deed, Deed::Set { .. } | Deed::Delete)
    }
}
