import CoppiceHDF5
import Testing

struct LibraryTests {
  @Test func namesItsVersion() {
    let parts = libraryVersion.split(separator: ".").compactMap { Int($0) }
    #expect(parts.count == 3)
    #expect(parts[0] >= 1)
  }

  /// A call from inside a call is a mistake of this module: it ends at once and does not hang.
  @Test func reentryTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = try HDF5Library.call { () -> Int32 in
        (try? HDF5Library.call { Int32(0) }) ?? 0
      }
    }
  }

  @Test func errorsNameTheSystemsNumber() {
    func error(_ messages: String...) -> HDF5Error {
      HDF5Error(
        frames: messages.map { .init(function: "f", message: $0, major: "", minor: "") })
    }
    #expect(error("a, errno = 2, error message = 'x'", "b").errno == 2)
    #expect(error("errno = 2", "errno = 13").errno == 13)
    #expect(error("errno = ", "errno = x", "errno =").errno == nil)
    #expect(error("errno = 99999999999999999999").errno == nil)
    #expect(error().errno == nil)
    #expect(error().description == "libhdf5 failed without saying why")
    #expect(error("outer", "middle", "in\nner").description == "f: outer (in ner)")
  }
}
