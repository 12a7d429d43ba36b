import Coppice
import CoppiceDigest
import CoppiceModel

/// The page: its document, in the frame of HTML, style and script.
struct ReportPage {
  private let title: String
  private var members: [JSON.Member]
  private(set) var faults: [CoppiceError] = []

  /// Begins the page of an address.
  init(of address: CheckpointAddress, at text: String, time: Timestamp) {
    let last = [address.path.lastComponent?.string ?? text] + address.components
    title = last.joined(separator: "/").printable
    members = [
      .init("reportVersion", .integer(1)), .init("title", .string(title)),
      .init("path", .string(text.printable)),
      .init("tool", .string("coppice " + coppiceVersion)),
      .init("made", .string(time.shortText)),
    ]
  }

  mutating func add(_ section: some ReportSection) {
    members.append(.init(section.name, section.json))
    faults += section.faults
  }

  /// The text of the page.
  var html: String {
    let parts: [String: String] = [
      "title": Self.escaped(title), "policy": Self.policy, "style": Self.style,
      "script": Self.script, "data": Self.embedded(.object(members)),
    ]
    var text = ""
    // Each place is filled once, so that a text which looks like a place stays a text.
    for (index, piece) in Self.text(PackageResources.page_html).split(separator: "{{").enumerated()
    {
      guard index > 0, let end = piece.firstRange(of: "}}") else {
        text += piece
        continue
      }
      text += parts[String(piece[..<end.lowerBound])] ?? ""
      text += piece[end.upperBound...]
    }
    return text
  }

  /// The element by which a page is known, near its beginning.
  static let mark = "<meta name=\"generator\" content=\"coppice report\">"

  private static let style = text(PackageResources.page_css)

  private static let script = [
    PackageResources.dom_js, PackageResources.model_js, PackageResources.treemap_js,
    PackageResources.drawings_js, PackageResources.tree_js, PackageResources.main_js,
  ].map(text).joined()

  /// The policy allows the page's own script and style by their digests, and nothing else.
  private static let policy =
    "default-src 'none'; style-src '\(source(style))'; script-src '\(source(script))'; "
    + "base-uri 'none'; form-action 'none'"

  /// Returns the source expression of an inline element (Content Security Policy Level 3, 2.3.1).
  private static func source(_ text: String) -> String {
    var digest = SHA256()
    digest.update(text.utf8)
    return "sha256-" + Base64.encode(digest.finishedBytes())
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Returns JSON text that can't end the element that holds it.
  static func embedded(_ json: JSON) -> String {
    json.text.replacing("<", with: #"\u003c"#)
  }

  /// Returns text for HTML.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}

/// A member of the page's document.
protocol ReportSection {
  /// The member's name.
  var name: String { get }
  /// The member's value.
  var json: JSON { get }
  /// The faults of what the section shows.
  var faults: [CoppiceError] { get }
}

extension Timestamp {
  /// Date and time to the second: `2026-11-30 09:15:02 UTC`.
  var shortText: String {
    description.prefix(19).replacing("T", with: " ") + " UTC"
  }
}

extension JSON {
  /// The value for a script: numbers that JavaScript would change are strings.
  ///
  /// JSON texts of Python may also have NaN and infinities, which are no JSON.
  var forScript: JSON {
    switch self {
    case .number(let text):
      guard let number = Double(text), number.isFinite else { return .string(text) }
      if let integer = Int(text) { return integer.magnitude < 1 << 53 ? self : .string(text) }
      return text.contains { ".eE".contains($0) } ? self : .string(text)
    case .array(let elements): return .array(elements.map(\.forScript))
    case .object(let members):
      return .object(members.map { .init($0.name, $0.value.forScript) })
    default: return self
    }
  }
}
