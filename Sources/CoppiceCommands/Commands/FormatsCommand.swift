import ArgumentParser
import Coppice
import CoppiceInterop

/// `coppice formats`: lists the formats that are read and written, and the features that each
/// keeps.
struct FormatsCommand: CoppiceCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "List the formats that are read and written, and what each written format keeps.")

  @OptionGroup var format: JSONFlag

  func execute(_ monitor: OperationMonitor) async throws(CoppiceError) {
    try Terminal.print(format.json ? JSONText.encode(Self.json) : Self.text)
  }

  /// The formats that are read, including variants that are written and whose reader has another
  /// name.
  private static var read: [String] {
    let names = FormatReaders.all.names
    return names
      + OutputFormat.all.filter { !names.contains($0.name) && names.contains($0.reader) }.map(
        \.name)
  }

  /// One row for each format, then one column for each format that is written.
  private static var text: String {
    let written = OutputFormat.all
    let read = Self.read
    let names = read + written.map(\.name).filter { name in !read.contains(name) }
    var table = TextTable()
    table.append(["format", "read", "written"])
    for name in names {
      table.append([
        name, read.contains(name) ? "yes" : "–", written.contains { $0.name == name } ? "yes" : "–",
      ])
    }
    var kept = TextTable()
    kept.append(["keeps"] + written.map(\.name))
    for feature in FormatAbilities.Feature.allCases {
      kept.append(
        [feature.rawValue] + written.map { $0.abilities.features.contains(feature) ? "yes" : "–" })
    }
    kept.append(
      ["dtypes of \(DType.allCases.count)"] + written.map { String($0.abilities.dtypes.count) })
    return (table.lines + [""] + kept.lines).joined(separator: "\n") + "\n"
  }

  private static var json: JSON {
    .object([
      .init("formatsVersion", .integer(1)), .init("read", .array(Self.read.map { .string($0) })),
      .init(
        "written",
        .array(
          OutputFormat.all.map { format in
            .object([
              .init("name", .string(format.name)),
              .init(
                "keeps",
                .array(
                  FormatAbilities.Feature.allCases.filter(format.abilities.features.contains).map {
                    .string($0.rawValue)
                  })),
              .init(
                "dtypes",
                .array(
                  DType.allCases.filter(format.abilities.dtypes.contains).map {
                    .string($0.rawValue)
                  })),
            ])
          })),
    ])
  }
}
