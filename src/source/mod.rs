//! Where pacts come from: files, directories, glob patterns and URLs, in a stable order.
//!
//! Finding a file and reading it never stops at the first problem: what cannot be read is a
//! finding beside the others. Nothing here decides what a pact means, and nothing enters a
//! directory called `ledger`, which holds published copies. Whom to call about them stands in a file
//! beside them.

mod files;
mod load;
mod owners;
mod remote;
mod toml_file;

pub use self::files::{FindError, Found, FoundFile, Origin, find, is_ledger};
pub use self::load::{Loaded, load};
pub use self::owners::{OwnersError, owner_files, owners};
pub use self::remote::{Access, Credentials};
pub use self::toml_file::{TomlError, keys_of, parse_toml};
