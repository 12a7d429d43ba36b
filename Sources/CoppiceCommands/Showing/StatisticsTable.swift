import Coppice
import CoppiceConformance
import CoppiceInterop

/// The statistics of arrays or branches, a row each, and of all together.
struct StatisticsTable {
  private let result: CheckpointStatistics
  /// The branches that are shown; `nil` shows the arrays.
  private let branches: [CheckpointStatistics.Branch]?

  init(_ result: CheckpointStatistics, depth: Int?) {
    self.result = result
    branches = depth.map(result.branches(depth:))
  }

  /// The faults of what is damaged.
  var faults: [CoppiceError] {
    result.entries.compactMap { entry in
      guard let fault = entry.fault, fault.kind == .damaged else { return nil }
      return fault.error.located(treePath: entry.path)
    }
  }

  private static let header = [
    "", "", "", "min", "max", "mean", "std", "norm", "zeros", "nan", "inf",
  ]

  /// The lines for people: columns, or where these are too wide a paragraph for each row.
  ///
  /// - Parameter width: The columns of the terminal; `nil` where the width doesn't matter.
  func text(width: Int?) -> String {
    var rows: [(cells: [String], fault: String?)] = []
    if let branches {
      rows += branches.map { (Self.cells($0.path, $0), nil) }
    } else {
      rows += result.entries.map(Self.row)
    }
    rows.append((["total"] + Self.cells("", result.total).dropFirst(), nil))
    var table = TextTable(rightAligned: Set(3..<Self.header.count))
    if rows.contains(where: { $0.cells.count > 3 }) { table.append(Self.header) }
    for row in rows {
      if let fault = row.fault {
        table.append(row.cells, sentence: fault)
      } else {
        table.append(row.cells)
      }
    }
    let lines = table.lines
    guard let width, lines.contains(where: { $0.count > width }) else {
      return lines.joined(separator: "\n") + "\n"
    }
    return rows.map { Self.paragraph($0.cells, $0.fault, width) }.joined()
  }

  private static func row(
    _ entry: CheckpointStatistics.Entry
  ) -> (cells: [String], fault: String?) {
    let path = entry.path.isEmpty ? "." : entry.path.printable
    if let fault = entry.fault {
      return ([path], "\(fault.kind.rawValue): \(fault.error.inToolWords.message.printable)")
    }
    let place = [
      path, entry.metadata?.dtype.rawValue ?? "", entry.metadata?.shape.description ?? "",
    ]
    return (place + (entry.statistics.map(cells) ?? []), nil)
  }

  private static func cells(
    _ path: String, _ branch: CheckpointStatistics.Branch
  ) -> [String] {
    let count = branch.arrayCount + branch.faultCount
    var arrays = "\(count) array\(count == 1 ? "" : "s")"
    if branch.faultCount > 0 { arrays += ", \(branch.faultCount) not read" }
    return [path.isEmpty ? "." : path.printable, arrays, ""] + cells(branch.statistics)
  }

  private static func cells(_ statistics: ArrayStatistics) -> [String] {
    let (low, high) =
      statistics.integerRange.map { (String($0.lowerBound), String($0.upperBound)) }
      ?? (number(statistics.minimum), number(statistics.maximum))
    return [
      low, high, number(statistics.mean), number(statistics.standardDeviation),
      number(statistics.norm), String(statistics.zeroCount), String(statistics.nanCount),
      String(statistics.infinityCount + statistics.minusInfinityCount),
    ]
  }

  private static func number(_ value: Double?) -> String {
    value.map { GeneralNumber.text($0, digits: 6) } ?? "-"
  }

  /// A row in several lines: its path, then what the columns would have, as many as fit in a line.
  private static func paragraph(_ cells: [String], _ fault: String?, _ width: Int) -> String {
    var lines = [cells[0]]
    if let fault { return cells[0] + "\n  " + fault + "\n" }
    var line = " "
    let array = cells[1...].prefix(2).filter { !$0.isEmpty }.joined(separator: " ")
    for word in [array] + zip(header, cells).dropFirst(3).map({ "\($0) \($1)" }) {
      if line.count + 1 + word.count > width, line != " " {
        lines.append(line)
        line = " "
      }
      line += " " + word + " "
    }
    lines.append(line)
    return lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n") + "\n"
  }

  /// The rows for programs.
  var json: JSON {
    let entries =
      branches.map { $0.map { Self.json($0, named: true) } } ?? result.entries.map(Self.json)
    return .object([
      .init("statsVersion", .integer(1)), .init("entries", .array(entries)),
      .init("total", Self.json(result.total, named: false)),
    ])
  }

  private static func json(_ entry: CheckpointStatistics.Entry) -> JSON {
    var members: [JSON.Member] = [.init("path", .string(entry.path))]
    if let metadata = entry.metadata {
      members.append(.init("dtype", .string(metadata.dtype.rawValue)))
      members.append(.init("shape", .array(metadata.shape.dimensions.map { .integer($0) })))
    }
    if let fault = entry.fault { members.append(.init("fault", fault.json)) }
    if let statistics = entry.statistics { members += Self.members(statistics) }
    return .object(members)
  }

  private static func json(_ branch: CheckpointStatistics.Branch, named: Bool) -> JSON {
    let path = named ? [JSON.Member("path", .string(branch.path))] : []
    return .object(
      path + [
        .init("arrays", .integer(branch.arrayCount)), .init("faults", .integer(branch.faultCount)),
      ] + members(branch.statistics))
  }

  /// The members; those that have no meaning, or are beyond all numbers, are null.
  private static func members(_ statistics: ArrayStatistics) -> [JSON.Member] {
    let range = statistics.integerRange
    return [
      .init("count", .integer(statistics.count)), .init("finite", .integer(statistics.finiteCount)),
      .init("min", range.map { .integer($0.lowerBound) } ?? json(statistics.minimum)),
      .init("max", range.map { .integer($0.upperBound) } ?? json(statistics.maximum)),
      .init("mean", json(statistics.mean)), .init("std", json(statistics.standardDeviation)),
      .init("norm", json(statistics.norm)), .init("zeros", .integer(statistics.zeroCount)),
      .init("nan", .integer(statistics.nanCount)), .init("inf", .integer(statistics.infinityCount)),
      .init("minusInf", .integer(statistics.minusInfinityCount)),
    ]
  }

  private static func json(_ value: Double?) -> JSON {
    guard let value, value.isFinite else { return .null }
    return .number(FloatText.text(of: .init(value)))
  }
}
