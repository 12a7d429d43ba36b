import CoppiceModel
import CoppiceTestSupport
import Foundation
import SystemPackage
import Testing

@testable import CoppiceFormat

/// The one-pass scan accepts nothing that the full reader refuses, and both read the same.
struct ScanningTests {
  /// All tree documents of the suite, sound and damaged.
  static let documents: [(name: String, bytes: [UInt8])] = {
    let root = Specification.package.appending("fixtures/1.0").string
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix("/tree.json") }.sorted().compactMap { name in
      FileManager.default.contents(atPath: root + "/" + name).map { (name, Array($0)) }
    }
  }()

  /// Returns the result of reading: the document written again, or the error.
  static func outcome(
    _ read: () throws(CoppiceError) -> TreeDocument
  ) -> Result<[UInt8], CoppiceError> {
    Result { () throws(CoppiceError) in
      let document = try read()
      try StructureCheck(document, file: "tree.json").run { (error) throws(CoppiceError) in
        throw error
      }
      return document.encoded()
    }
  }

  static func careful(_ bytes: [UInt8]) -> Result<[UInt8], CoppiceError> {
    outcome { () throws(CoppiceError) in
      try TreeDocument(parsing: bytes, file: "tree.json", checksStructure: false)
    }
  }

  /// Returns the scanned document with its tree; `nil` where the scan gives up.
  static func scanned(_ bytes: [UInt8], limits: ReadLimits = .standard) -> TreeDocument? {
    guard var scan = TreeScan(bytes, limits: limits) else { return nil }
    var ordinals: [Int] = []
    let described = scan.document.leaves.indices
    let tree = scan.tree { ordinal in
      ordinals.append(ordinal)
      // A reader looks up what the document says of the leaf.
      #expect(described.contains(ordinal))
      return ArrayLeaf(NoSource())
    }
    guard let tree else { return nil }
    #expect(ordinals == Array(described))
    var document = scan.document
    var next = 0
    document.tree = tree.replacingLeaves { _ in
      next += 1
      return .leaf(next - 1)
    }
    return document
  }

  private struct NoSource: ArraySource {
    let dtype = DType.uint8
    let shape = Shape.scalar
    func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {}
  }

  @Test func readsTheSuiteAlike() {
    var scanned = 0
    for (name, bytes) in Self.documents {
      guard let document = Self.scanned(bytes) else { continue }
      scanned += 1
      #expect(Self.outcome { document } == Self.careful(bytes), "\(name)")
    }
    #expect(Self.documents.count > 200)
    // Sound documents are scanned but for escapes and other rarities.
    #expect(scanned > Self.documents.count / 2)
  }

  /// Bytes of some documents take other values, go, and are doubled.
  @Test(arguments: [
    "model/containers", "model/records", "model/values-simple",
    "model/keys-integers", "sharding/shardings", "arrays/chunked-one",
  ])
  func readsDamagedDocumentsAlike(_ name: String) throws {
    var generator = SeededGenerator(seed: 7)
    let document = try #require(
      Self.documents.first { $0.name.hasPrefix("valid/\(name)/") }, "there is no such case")
    var taken = 0
    // Only every third byte: debug builds take milliseconds per document.
    let first = Int.random(in: 0..<3, using: &generator)
    for place in stride(from: first, to: document.bytes.count, by: 3) {
      var changed = document.bytes
      changed[place] = Array("0a1\"\\,{}[]:-.e ".utf8).randomElement(using: &generator) ?? 0
      var shorter = document.bytes
      shorter.remove(at: place)
      var longer = document.bytes
      longer.insert(longer[place], at: place)
      let variants = [changed, shorter, longer]
      for bytes in variants {
        guard let read = Self.scanned(bytes) else { continue }
        taken += 1
        let scanned = Self.outcome { read }
        #expect(
          scanned == Self.careful(bytes),
          "\(document.name): \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(taken > 0)
  }

  @Test func leavesLimitsToTheCarefulReader() throws {
    let document = try #require(
      Self.documents.first { Self.scanned($0.bytes) != nil })
    var limits = ReadLimits.standard
    limits.documentBytes = document.bytes.count - 1
    #expect(Self.scanned(document.bytes, limits: limits) == nil)
    limits = .standard
    limits.depth = 1
    #expect(Self.scanned(document.bytes, limits: limits) == nil)
  }
}
