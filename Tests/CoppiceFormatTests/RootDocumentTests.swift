import CoppiceFormat
import CoppiceModel
import CoppiceTestSupport
import Testing

/// The faults for which readers refuse root documents, by the rules of chapters 2, 3 and 6.
struct RootDocumentTests {
  static let faults: [Fault] = [
    // VER-1, VER-3
    Fault("versioning.not-coppice", #""format":"coppice""#, #""format":"coppice.tree""#),
    Fault("versioning.not-coppice", #""format":"coppice","#, ""),
    Fault("versioning.not-coppice", #""version":"1.0""#, #""version":"1""#),
    Fault("versioning.not-coppice", #""version":"1.0""#, #""version":"01.0""#),
    Fault("versioning.not-coppice", #""version":"1.0""#, #""version":"1.00""#),
    Fault("versioning.not-coppice", #""version":"1.0""#, #""version":"0.9""#),
    Fault("versioning.not-coppice", #""version":"1.0""#, #""version":1"#),
    Fault("versioning.future-major", #""version":"1.0""#, #""version":"2.0""#),
    Fault("versioning.future-major", #""version":"1.0""#, #""version":"99999999999999999999.0""#),
    // MET-4, MET-5, MET-6
    Fault("json.not-canonical", #""step":1000"#, #""step": 1000"#),
    Fault("json.not-canonical", #""run":"example""#, #""run":"\u0065xample""#),
    Fault(
      "json.not-canonical", #"{"accuracy":0.75,"loss":null}"#, #"{"loss":null,"accuracy":0.75}"#),
    // MET-20, VER-4
    Fault("versioning.unknown-feature", #""zstd"]"#, #""zstd-2"]"#),
    Fault("versioning.bad-features", #""chunked","composite""#, #""composite","chunked""#),
    Fault("versioning.bad-features", #""chunked","#, #""chunked","chunked","#),
    Fault("json.unknown-member", #""step":1000"#, #""stap":1,"step":1000"#),
    Fault("json.missing-member", #","writer":"coppice-examples 1""#, ""),
    Fault("json.missing-member", #","version":"1.0""#, ""),
    // MET-7, MET-14
    Fault("json.type", #""step":1000"#, #""step":"1000""#),
    Fault("json.type", #""step":1000"#, #""step":1000.0"#),
    Fault("json.type", #""step":1000"#, #""step":-0"#),
    Fault("json.type", #""step":1000"#, #""step":null"#),
    Fault("json.number-range", #""step":1000"#, #""step":-1"#),
    Fault("json.number-range", #""step":1000"#, #""step":9007199254740992"#),
    // MET-18
    Fault("metadata.bad-time", #""commit":"2026-11-21"#, #""commit":"2026-02-29"#),
    Fault("metadata.bad-time", #"04.000000000Z"#, #"04Z"#),
    Fault("metadata.bad-time", #"01:02:04."#, #"01:02:60."#),
    Fault("metadata.bad-time", #""commit":"2026-"#, #""commit":"1677-"#),
    Fault(
      "metadata.bad-time",
      #"{"commit":"2026-11-21T01:02:04.000000000Z","init":"2026-11-21T01:02:03.123456789Z"}"#,
      "{}"),
    // MET-14, MET-25, MET-26
    Fault("metadata.bad-nonfinite", #"{"/metrics/loss":"NaN"}"#, "{}"),
    Fault("metadata.bad-nonfinite", #"{"/metrics/loss":"NaN"}"#, #"{"/metrics/loss":"nan"}"#),
    Fault("metadata.bad-nonfinite", #"{"/metrics/loss":"NaN"}"#, #"{"/metrics/accuracy":"NaN"}"#),
    Fault("metadata.bad-nonfinite", #"{"/metrics/loss":"NaN"}"#, #"{"/metrics/loss/0":"NaN"}"#),
    Fault("metadata.bad-nonfinite", #"{"/metrics/loss":"NaN"}"#, #"{"metrics/loss":"NaN"}"#),
    Fault("metadata.bad-nonfinite", #"{"/metrics/loss":"NaN"}"#, #"{"":"NaN"}"#),
    Fault("metadata.bad-nonfinite", #"{"/metrics/loss":"NaN"}"#, #"{"/metrics/loss":null}"#),
    // DIR-4, DIR-5
    Fault("directory.reserved-name", #"{"config":"#, #"{"":"#),
    Fault("directory.reserved-name", #"{"config":"#, #"{"AUTO":"#),
    Fault("directory.reserved-name", #"{"config":"#, #"{"_CHECKPOINT_DELETION":"#),
    Fault("directory.reserved-name", #"{"config":"#, #"{"coppice.json":"#),
    Fault("directory.name-too-long", #"{"config":"#, "{\"" + repeated("/", 86) + "\":"),
    // MET-21
    Fault("metadata.unknown-kind", #""kind":"files""#, #""kind":"fileset""#),
    // MET-13
    Fault("json.type", "5f4299fc161c9cbb", "5F4299FC161C9CBB"),
    // DIR-10, DIR-11, MET-23
    Fault("directory.bad-path", #""path":"position""#, #""path":"../x""#),
    Fault("directory.bad-path", #""path":"position""#, #""path":"/x""#),
    Fault("directory.bad-path", #""path":"position""#, #""path":"a//b""#),
    Fault("directory.bad-path", #""path":"position""#, #""path":"a/./b""#),
    Fault("directory.bad-path", #""path":"position""#, #""path":"a/""#),
    Fault("directory.bad-path", #""path":"position""#, #""path":"""#),
    Fault("directory.bad-path", #""path":"position""#, #""path":"a\u0000""#),
    Fault(
      "directory.bad-path", #""path":"position""#, "\"path\":\"" + repeated("a", 256) + "\""),
    Fault(
      "directory.bad-path", #""path":"position""#, "\"path\":\"" + repeated("a/", 2048) + "b\""),
    Fault("directory.bad-path", #""path":"position""#, #""path":"t""#),
    Fault("directory.bad-path", #""path":"shards.txt""#, #""path":"position""#),
    Fault("directory.bad-path", #""path":"shards.txt""#, #""path":"shards""#),
    Fault("directory.bad-path", #""path":"position""#, #""path":"shards""#),
  ]

  @Test(arguments: faults)
  func refuses(_ fault: Fault) throws {
    let text = try changed("root/tour.json", fault.old, fault.new)
    // Without a format the reader doesn't get to the digest, so the document isn't sealed.
    let bytes = fault.old.hasPrefix(#""format""#) ? Array(text.utf8) : try sealed(text)
    #expect(code { _ = try RootDocument(parsing: bytes) } == fault.code)
  }

  /// VAL-8: the first fault in the order of checks is reported, whatever else is wrong.
  @Test(arguments: [
    Fault("metadata.digest-mismatch", #""run":"example""#, #""run":"examplf""#),
    Fault("metadata.digest-mismatch", #""zstd"]"#, #""zsta"]"#),
    Fault("json.not-canonical", #""step":1000"#, #""step": 1000"#),
    Fault("versioning.future-major", #""version":"1.0""#, #""version": "2.0""#),
    Fault("json.duplicate-name", #""step":1000"#, #""step":1000,"step":1000"#),
  ])
  func saysTheFirstFault(_ fault: Fault) throws {
    let bytes = Array(try changed("root/tour.json", fault.old, fault.new).utf8)
    #expect(code { _ = try RootDocument(parsing: bytes) } == fault.code)
  }

  /// VER-7: what a later minor version adds is ignored with a warning.
  @Test func ignoresMembersOfLaterMinorVersions() throws {
    var text = try changed("root/tour.json", #""step":1000"#, #""stap":1,"step":1000"#)
    text = text.split(separator: #""version":"1.0""#).joined(separator: #""version":"1.7""#)
    let document = try RootDocument(parsing: try sealed(text))
    #expect(document.step == 1000)
    #expect(document.warnings.map(\.code) == [.versioningIgnoredMember])
    #expect(document.warnings.first?.location.pointer == "/stap")
  }

  /// MOD-20.
  @Test func composesEightDeepAndNoDeeper() throws {
    var entry = CheckpointableEntry.files([])
    for _ in 0..<8 { entry = .composite([NamedEntry("a", entry)]) }
    let fits = RootDocument(
      requiredFeatures: [.composite], checkpointables: [NamedEntry("a", entry)], writer: "test")
    #expect(try RootDocument(parsing: try fits.encoded()).features == [.composite])
    entry = .composite([NamedEntry("a", entry)])
    let deep = RootDocument(
      requiredFeatures: [.composite], checkpointables: [NamedEntry("a", entry)], writer: "test")
    #expect(code { _ = try RootDocument(parsing: try deep.encoded()) } == "metadata.too-deep")
  }

  @Test func itemsOfCompositesMayHaveReservedNames() throws {
    let text = try changed("root/tour.json", #"{"notes":"#, #"{"metrics":"#)
    #expect(throws: Never.self) { try RootDocument(parsing: try sealed(text)) }
  }

  @Test func refusesToWriteWhatCannotBeRead() throws {
    var document = RootDocument(requiredFeatures: [], checkpointables: [], writer: "test")
    document.step = -1
    #expect(code { _ = try document.encoded() } == "json.number-range")
    document.step = nil
    document.commitTime = Timestamp(nanoseconds: .min)
    #expect(code { _ = try document.encoded() } == "metadata.bad-time")
  }
}

func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
