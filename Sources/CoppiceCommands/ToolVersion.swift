import Coppice

/// The text of `coppice --version`.
let toolVersion = "coppice \(coppiceVersion) (format 1.0)"
