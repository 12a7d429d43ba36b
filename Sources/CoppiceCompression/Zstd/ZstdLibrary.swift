import CCoppiceZstd

/// The zstd library of the system.
package enum ZstdLibrary {
  /// The version that was loaded, such as "1.5.4".
  package static var version: String { unsafe String(cString: ZSTD_versionString()) }
}
