import Coppice
import CoppiceConformance

extension Listing {
  /// Returns the lines in aligned columns, and a line with the totals.
  ///
  /// - Parameters:
  ///   - isLong: Whether shardings and the kinds of random keys are shown.
  ///   - hasPlaces: Whether the places in files are shown.
  ///   - hint: What follows the totals.
  func text(isLong: Bool, hasPlaces: Bool = false, hint: String = "") -> String {
    let isFolded = rows.contains { $0.count > 1 }
    var table = TextTable(rightAligned: isFolded ? [3, 4] : [3])
    for row in rows {
      let path = row.path.isEmpty ? "." : row.path
      let fault = row.fault?.text
      if let fault, row.shape == nil {
        table.append([path], sentence: fault)
        continue
      }
      var cells = [path] + row.description + [row.bytes.map(ByteCount.text) ?? ""]
      if isFolded { cells.append(row.count > 1 ? "×\(row.count)" : "") }
      if hasPlaces { cells += row.placeCells }
      let notes = [fault, row.prng.map { "key(\($0))" }, row.sharding?.description].compactMap {
        $0?.printable(keepingEndsOf: 2000)
      }
      if isLong || fault != nil || row.sharding?.device == nil {
        cells.append(notes.joined(separator: "  "))
      }
      table.append(cells)
    }
    let arrays = rows.reduce(0) { $0 + $1.arrayCount }
    let others = rows.reduce(0) { $0 + $1.otherCount }
    let bytes = rows.reduce(0) { $0 + $1.totalBytes }
    let sum =
      "\(arrays) array\(arrays == 1 ? "" : "s"), \(others) other, \(ByteCount.text(bytes))" + hint
    return (table.lines + [sum]).joined(separator: "\n") + "\n"
  }

  /// The rows for programs.
  func json(address: String) -> JSON {
    .object([
      .init("listVersion", .integer(1)), .init("address", .string(address)),
      .init("entries", .array(rows.map(\.json))),
    ])
  }
}

extension ListingRow {
  /// The cells that say what the row is: the type, and the shape or value.
  fileprivate var description: [String] {
    guard let branch else { return [type, shape?.description ?? detail] }
    var facts: [String] = []
    if branch.otherCount > 0 { facts.append("\(branch.otherCount) other") }
    if branch.faultCount > 0 { facts.append("\(branch.faultCount) with faults") }
    return [
      "\(branch.arrayCount) array\(branch.arrayCount == 1 ? "" : "s")",
      facts.joined(separator: ", "),
    ]
  }

  /// The cells of `--where`: file, offset, stored size, ratio, filters, dataset.
  fileprivate var placeCells: [String] {
    guard let first = places.first else { return ["", "", "", "", ""] }
    let files = Set(places.map(\.file))
    let file = files.count == 1 ? first.file.printable : "\(files.count) files"
    var notes = [first.filters.joined(separator: "+")]
    if let dataset = first.dataset { notes.append("/" + dataset.printable) }
    if places.count > 1 {
      notes.append("and \(places.count - 1) more box\(places.count == 2 ? "" : "es")")
    }
    return [
      file, files.count == 1 ? first.offset.map { "@\($0)" } ?? "" : "",
      storedBytes.map(ByteCount.text) ?? "", ratio ?? "",
      notes.filter { !$0.isEmpty }.joined(separator: " "),
    ]
  }

  /// The size of the elements divided by that of what is stored, where the two differ: `2.31:1`.
  private var ratio: String? {
    guard let bytes, let storedBytes, storedBytes > 0, storedBytes != bytes else { return nil }
    let hundredths = Int((Double(bytes) / Double(storedBytes) * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100):1"
  }

  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init("path", .string(components.joined(separator: "/"))), .init("type", .string(type)),
    ]
    if let shape {
      members.append(.init("shape", .array(shape.dimensions.map { .integer($0) })))
    }
    if let bytes { members.append(.init("bytes", .integer(bytes))) }
    if let value { members.append(.init("value", value)) }
    if count > 1 { members.append(.init("count", .integer(count))) }
    if let branch {
      members.append(.init("arrays", .integer(branch.arrayCount)))
      members.append(.init("others", .integer(branch.otherCount)))
      members.append(.init("faults", .integer(branch.faultCount)))
    }
    if let prng { members.append(.init("prngImpl", .string(prng))) }
    if let fault { members.append(.init("fault", fault.json)) }
    if let sharding { members.append(.init("sharding", sharding.json)) }
    if !places.isEmpty { members.append(.init("places", .array(places.map(\.json)))) }
    return .object(members)
  }
}

extension StoredPlace {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [.init("file", .string(file))]
    if let dataset { members.append(.init("dataset", .string(dataset))) }
    if let offset { members.append(.init("offset", .integer(offset))) }
    if let byteCount { members.append(.init("bytes", .integer(byteCount))) }
    members.append(.init("filters", .array(filters.map { .string($0) })))
    return .object(members)
  }
}
