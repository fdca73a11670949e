//! `quarterdeck migrate new`

use std::path::{Path, PathBuf};

use crate::error::Result;

pub fn new(_root: &Path, _name: &str, _from_schema: bool, _server: Option<&str>) -> Result<Vec<PathBuf>> {
    Ok(Vec::new())
}
