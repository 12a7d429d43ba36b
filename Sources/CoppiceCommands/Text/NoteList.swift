import Coppice
import CoppiceInterop

/// The notes of an operation, of which those that say the same about many nodes are counted.
struct NoteList {
  /// The common part of notes that are alike: they differ in numbers and quoted names only.
  private struct Form: Hashable {
    var kind: ConversionNote.Kind
    var message: String
  }

  /// The notes that are alike, each group in the place of its first.
  private let groups: [[ConversionNote]]
  private let count: Int

  init(_ notes: [ConversionNote]) {
    var places: [Form: Int] = [:]
    var groups: [[ConversionNote]] = []
    for note in notes {
      // Each damaged thing is named, since it is lost.
      guard note.kind != .damaged else {
        groups.append([note])
        continue
      }
      let form = Form(kind: note.kind, message: Self.form(of: note.message))
      let place = places[form] ?? groups.count
      if place == groups.count {
        groups.append([])
        places[form] = place
      }
      groups[place].append(note)
    }
    self.groups = groups
    count = notes.count
  }

  /// The lines without labels: the first note of each group with the number of the others, or all
  /// notes.
  func lines(isVerbose: Bool) -> [String] {
    guard !isVerbose else { return groups.joined().map { ToolWords.tell($0.description) } }
    var lines: [String] = groups.compactMap { group in
      group.first.map { first in
        ToolWords.tell(first.description)
          + (group.count > 1 ? " (\(group.count - 1) more like it)" : "")
      }
    }
    if groups.count < count { lines.append("--verbose lists all \(count) notes") }
    return lines
  }

  /// Prints the notes on standard error.
  func print(isVerbose: Bool) {
    for line in lines(isVerbose: isVerbose) { Terminal.printMessage(.note, line) }
  }

  /// Returns a message without its numbers and without the names between quotes.
  private static func form(of message: String) -> String {
    var form = String.UnicodeScalarView()
    var isQuoted = false
    for scalar in message.unicodeScalars {
      if scalar == "\"" { isQuoted.toggle() }
      let isDigit = ("0"..."9").contains(scalar)
      if !isQuoted, !isDigit { form.append(scalar) }
    }
    return String(form)
  }
}
