import Coppice
import CoppiceConformance

extension Listing {
  /// Returns the lines in aligned columns, and a line with the totals.
  func text(isLong: Bool) -> String {
    var table = TextTable(rightAligned: [3])
    for row in rows {
      let fault = row.fault.map { "\($0.kind.rawValue): \($0.error.message.printable)" }
      if let fault, row.shape == nil {
        table.append([row.path.isEmpty ? "." : row.path], sentence: fault)
        continue
      }
      var cells = [
        row.path.isEmpty ? "." : row.path, row.type, row.shape?.description ?? row.detail,
        row.bytes.map(ByteCount.text) ?? "",
      ]
      let notes = [fault, row.prng.map { "key(\($0))" }, row.sharding?.description].compactMap {
        $0?.printable(keepingEndsOf: 2000)
      }
      if isLong || fault != nil || row.sharding?.device == nil {
        cells.append(notes.joined(separator: "  "))
      }
      table.append(cells)
    }
    let arrays = rows.filter { $0.shape != nil }
    let bytes = rows.reduce(0) { $0 + ($1.bytes ?? 0) }
    let sum =
      "\(arrays.count) array\(arrays.count == 1 ? "" : "s"), "
      + "\(rows.count - arrays.count) other, \(ByteCount.text(bytes))"
    return (table.lines + [sum]).joined(separator: "\n") + "\n"
  }

  /// The rows for programs.
  var json: JSON {
    let entries = rows.map { row in
      var members: [JSON.Member] = [
        .init("path", .string(row.path)), .init("type", .string(row.type)),
      ]
      if let shape = row.shape {
        members.append(.init("shape", .array(shape.dimensions.map { .integer($0) })))
      }
      if let bytes = row.bytes { members.append(.init("bytes", .integer(bytes))) }
      if !row.detail.isEmpty { members.append(.init("value", .string(row.detail))) }
      if let prng = row.prng { members.append(.init("prngImpl", .string(prng))) }
      if let fault = row.fault { members.append(.init("fault", fault.json)) }
      if let sharding = row.sharding {
        members.append(.init("sharding", sharding.json))
      }
      return JSON.object(members)
    }
    return .object([.init("listVersion", .integer(1)), .init("entries", .array(entries))])
  }
}
