import CoppiceModel
import Testing

@testable import CoppiceZarr

/// Documents of zarr arrays that contradict zarr's specification, or ask for what isn't read.
struct RefusedArraysTests {
  typealias Code = CoppiceError.Code

  private static let version3 = """
    {"zarr_format":3,"node_type":"array","shape":[2],"data_type":"uint8","fill_value":0,
     "chunk_grid":{"name":"regular","configuration":{"chunk_shape":[2]}},
     "chunk_key_encoding":{"name":"default"},"codecs":[{"name":"bytes"}]}
    """

  private func open(_ document: String) throws(CoppiceError) -> ZarrArray {
    var store = MemoryStore()
    store.values[Array("a/zarr.json".utf8)] = Array(document.utf8)
    return try ZarrArray(opening: "a", in: store, missingChunks: .areFill)
  }

  @Test func opensTheDocumentThatTheOthersAreMadeOf() throws {
    let array = try open(Self.version3)
    #expect(array.shape.dimensions == [2] && array.dtype == .uint8)
  }

  @Test(arguments: [
    (#""zarr_format":3"#, #""zarr_format":2"#, Code.zarrMalformed),
    (#""node_type":"array""#, #""node_type":"group""#, .zarrMalformed),
    (#""name":"regular""#, #""name":"rectilinear""#, .zarrUnsupported),
    (#"{"name":"bytes"}"#, #"{"name":"bytes"},{"name":"nosuch"}"#, .zarrUnknownCodec),
    (#"{"name":"bytes"}"#, #"{"name":"nosuch"}"#, .zarrUnknownCodec),
    (#""uint8""#, #""complex512""#, .zarrUnknownDtype),
    (#""uint8""#, #""string""#, .zarrMalformed),
    (#"[2],"data_type""#, #"[9223372036854775807],"data_type""#, .jsonNumberRange),
    (#""chunk_shape":[2]"#, #""chunk_shape":[0]"#, .zarrMalformed),
    (#"{"zarr"#, #"{"storage_transformers":[{"name":"x"}],"zarr"#, .zarrUnsupported),
  ])
  func refuses(_ text: String, _ other: String, _ code: Code) {
    #expect(Self.version3.contains(text))
    let error = #expect(throws: CoppiceError.self) {
      try open(Self.version3.replacing(text, with: other))
    }
    #expect(error?.code == code, "\(error?.description ?? "")")
  }

  /// An array without elements has no chunk, so that its extents cost nothing.
  @Test func opensAnEmptyArrayWithAHugeChunk() throws {
    let array = try open(
      Self.version3.replacing(#""shape":[2]"#, with: #""shape":[0,100000,1000000]"#)
        .replacing(#""chunk_shape":[2]"#, with: #""chunk_shape":[1,100000,1000000]"#))
    #expect(array.shape.dimensions == [0, 100_000, 1_000_000])
    #expect(try array.load().byteCount == 0)
    var pieces = 0
    try array.forEachPiece(ofAtMost: 16) { pieces += $0.byteCount }
    #expect(pieces == 0)
  }

  @Test func namesAnArrayWithoutADocument() {
    let error = #expect(throws: CoppiceError.self) {
      try ZarrArray(opening: "b", in: MemoryStore(), missingChunks: .areErrors)
    }
    #expect(error?.code == .zarrMissingMetadata)
  }

  @Test func aMissingChunkNeedsAFillValueOfTheType() throws {
    let array = try open(Self.version3.replacing(#""fill_value":0"#, with: #""fill_value":300"#))
    let error = #expect(throws: CoppiceError.self) {
      try array.forEachPiece(ofAtMost: 16) { _ in }
    }
    #expect(error?.code == .zarrFillValue, "\(error?.description ?? "")")
  }
}
