import CoppiceFiles
import CoppiceFormat
import CoppiceHDF5
import CoppiceHDF5Inspection
import CoppiceModel
import CoppiceStorage

/// The locations of the packed leaves in a data file, read from its `/%packed/index`.
///
/// Spec: ARR-38, ARR-39.
struct PackedPlaces {
  /// A row of the index: a path, a dtype, and the first element in the dtype's dataset.
  private struct Row {
    var path: [UInt8]
    var dtype: [UInt8]
    var element: Int
  }

  private let outlines: TreeOutlines
  private let file: Int
  private var rows: [Row] = []
  private var used = 0

  private static let maximumBytes = 1 << 32

  init(_ outlines: TreeOutlines, in file: Int) throws(CoppiceError) {
    self.outlines = outlines
    self.file = file
    guard let dataset = outlines.dataset("%packed/index", in: file),
      case .compound(let width, let members) = dataset.type, width > 0,
      let path = Self.text("path", members), let dtype = Self.text("dtype", members),
      let element = members.first(where: { $0.name == Array("offset".utf8) }),
      element.type == .integer(byteCount: 8, isSigned: false), element.offset >= 0,
      element.offset <= width - 8, path.upperBound <= width, dtype.upperBound <= width,
      let bytes = try outlines.bytes(of: dataset, in: file, limit: Self.maximumBytes)
    else { return }
    for start in stride(from: 0, to: bytes.count - width + 1, by: width) {
      var number: UInt64 = 0
      for byte in (0..<8).reversed() {
        number = number << 8 | UInt64(bytes[start + element.offset + byte])
      }
      rows.append(
        Row(
          path: Self.text(bytes[(start + path.lowerBound)..<(start + path.upperBound)]),
          dtype: Self.text(bytes[(start + dtype.lowerBound)..<(start + dtype.upperBound)]),
          element: Int(exactly: number) ?? -1))
    }
  }

  /// Returns the byte range of a text member in a row.
  private static func text(
    _ name: String, _ members: [TypeDescription.CompoundMember]
  ) -> Range<Int>? {
    guard let member = members.first(where: { $0.name == Array(name.utf8) }),
      case .string(let count, _, _) = member.type, member.offset >= 0, count > 0
    else { return nil }
    let (end, overflow) = member.offset.addingReportingOverflow(count)
    return overflow ? nil : member.offset..<end
  }

  /// Returns a text without the zero bytes that pad it.
  private static func text(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    Array(bytes[..<(bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex)])
  }

  /// Returns the location of the next packed leaf; the rows are in order of ordinals.
  mutating func next(_ leaf: LeafRecord, at path: String) -> (offset: Int, size: Int)? {
    guard used < rows.count, let size = leaf.shape.byteCount(of: leaf.dtype) else { return nil }
    let row = rows[used]
    used += 1
    guard row.path == Array(path.utf8), row.dtype == Array(leaf.dtype.rawValue.utf8),
      let pool = outlines.dataset("%packed/\(leaf.dtype)", in: file),
      pool.type == leaf.dtype.typeDescription, case .contiguous(let range?) = pool.layout,
      let (start, count) = range.place, row.element >= 0
    else { return nil }
    let (offset, overflow) = row.element.multipliedReportingOverflow(by: leaf.dtype.width)
    guard !overflow, offset <= count, size <= count - offset else { return nil }
    let (place, overflows) = start.addingReportingOverflow(offset)
    return overflows ? nil : (place, size)
  }
}
