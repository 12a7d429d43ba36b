/// An encoder of `manifest.ocdbt` for a database with one version.
struct ManifestEncoder {
  /// The file that holds the tree's nodes.
  let path: [UInt8]
  /// The time of the version, in nanoseconds since 1970.
  let time: Int

  /// Orbax's configuration: the most bytes of a node, and the number of versions in one manifest.
  private static let maximumNodeBytes = 100_000_000
  private static let arity: UInt8 = 4

  func encode(_ root: BTreeNodeEncoder.Node?) -> [UInt8] {
    var record = RecordEncoder(.manifest)
    // TensorStore identifies databases by this number; equal databases may have the same one.
    let sum = UInt64(bitPattern: Int64(root?.treeBytes ?? 0)) &* 0x9E37_79B9_7F4A_7C15
    for shift in stride(from: 0, to: 64, by: 8) {
      record.byte(UInt8(truncatingIfNeeded: sum >> UInt64(shift)))
    }
    record.littleEndian64(time)
    record.varint(0)
    record.varint(DatabaseWriter.maximumInlineBytes)
    record.varint(Self.maximumNodeBytes)
    record.byte(Self.arity)
    record.varint(0)
    record.files([path])
    record.varint(1)
    record.varint(1)
    record.byte(UInt8(clamping: root?.height ?? 0))
    record.varint(0)
    record.varint(root?.offset ?? 0)
    record.varint(root?.length ?? 0)
    record.varint(root?.keyCount ?? 0)
    record.varint(root?.treeBytes ?? 0)
    record.varint(root?.valueBytes ?? 0)
    record.littleEndian64(time)
    // No older versions.
    record.varint(0)
    return record.finish()
  }
}
