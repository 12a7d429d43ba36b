import ArgumentParser
import Coppice
import CoppiceInterop

/// The options that divide arrays into boxes, data files and chunks.
struct DivisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Store the arrays whose path matches in boxes, in Coppice's format: 4x2 cuts into 4 along the \
      first dimension and 2 along the second. May be given several times; the first match counts.
      """, valueName: "glob=counts"))
  var shard: [String] = []

  @Option(
    help: ArgumentHelp(
      "Spread the boxes of arrays over so many data files, in Coppice's format.",
      valueName: "number"))
  var dataFiles: Int?

  @Option(
    help: ArgumentHelp(
      """
      The chunk shape of the arrays whose path matches, such as 256x1024: in Orbax's formats, and \
      with --compress in Coppice's. Memory grows with the chunks. May be given several times; the \
      first match counts.
      """, valueName: "glob=shape"))
  var chunk: [String] = []

  /// Sets the options of a conversion.
  ///
  /// - Throws: `usage.choice`, `usage.glob`.
  func apply(to options: inout ConversionOptions) throws(CoppiceError) {
    for rule in shard {
      let (glob, counts) = try Self.parse(rule, "--shard takes GLOB=COUNTS, such as **=4x2")
      options.shards.append((glob, counts))
    }
    for rule in chunk {
      let (glob, extents) = try Self.parse(rule, "--chunk takes GLOB=SHAPE, such as **=256x1024")
      options.chunks.append((glob, extents))
    }
    options.dataFiles = dataFiles
  }

  private static func parse(
    _ rule: String, _ usage: String
  ) throws(CoppiceError) -> (PathGlob, [Int]) {
    let (glob, text) = try ConvertCommand.split(rule, usage)
    var numbers: [Int] = []
    for word in text.split(separator: "x", omittingEmptySubsequences: false) {
      guard let number = Int(word), number >= 1 else {
        throw CoppiceError(.usageChoice, usage + "; the numbers are 1 or more")
      }
      numbers.append(number)
    }
    return (try PathGlob(glob), numbers)
  }
}
