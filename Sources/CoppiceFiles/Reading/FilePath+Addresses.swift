package import CoppiceModel
package import SystemPackage

extension FilePath {
  /// The address that the user gave in place of a path, such as `gs://bucket/run`; `nil` for a
  /// path.
  ///
  /// `FilePath` has already merged the slashes, so that the address is `gs:/bucket/run` here. A
  /// directory of that name is reached as `./gs:/bucket/run`.
  package var address: String? {
    guard isRelative, components.count > 1, let scheme = components.first?.string,
      scheme.utf8.count > 2, scheme.last == ":", scheme.first?.isLetter ?? false,
      scheme.dropLast().allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else { return nil }
    return scheme + "//" + components.dropFirst().map(\.string).joined(separator: "/")
  }

  /// Refuses an address, which never names a local file.
  ///
  /// - Throws: `usage.address`.
  package func requireNoAddress() throws(CoppiceError) {
    guard let address else { return }
    throw CoppiceError(
      .usageAddress,
      "this is an address, and nothing is read from or written to there yet; download it and give a "
        + "local path",
      at: .init(file: address))
  }
}
