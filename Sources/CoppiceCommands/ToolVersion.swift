import Coppice

/// What `coppice --version` prints.
let toolVersion = "coppice \(coppiceVersion) (format 1.0)"
