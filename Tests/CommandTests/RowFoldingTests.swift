import Coppice
import Testing

@testable import CoppiceCommands

/// Folding of siblings that are alike: what is folded, and what must stay apart.
struct RowFoldingTests {
  private func array(_ path: String, _ dimensions: [Int] = [2], type: String = "float32")
    -> ListingRow
  {
    ListingRow(
      components: path.split(separator: "/").map(String.init), type: type,
      shape: Shape(dimensions), bytes: 8)
  }

  private func folded(_ rows: [ListingRow]) -> [String] {
    RowFolding.fold(rows).map { $0.path + ($0.count > 1 ? " ×\($0.count)" : "") }
  }

  @Test func layersAreOneLine() {
    let rows = (0..<32).flatMap { [array("p/layers_\($0)/w", [4, 4]), array("p/layers_\($0)/b")] }
    #expect(folded(rows) == ["p/layers_{0..31}/w ×32", "p/layers_{0..31}/b ×32"])
  }

  @Test func nestedSiblingsMultiply() {
    let rows = (0..<3).flatMap { layer in (0..<4).map { array("\(layer)/experts/\($0)") } }
    #expect(folded(rows) == ["{0..2}/experts/{0..3} ×12"])
  }

  @Test func otherShapesStayApart() {
    let rows = [array("l0", [2]), array("l1", [2]), array("l2", [3]), array("l3", [2])]
    #expect(folded(rows) == ["l{0..1} ×2", "l2", "l3"])
  }

  @Test func otherTypesStayApart() {
    #expect(folded([array("l0"), array("l1", type: "int8")]) == ["l0", "l1"])
  }

  @Test func gapsStayApart() {
    #expect(folded([array("l1"), array("l3"), array("l4")]) == ["l1", "l{3..4} ×2"])
  }

  @Test func digitsInFrontStayTheSame() {
    let rows = ["09", "10", "11"].map { array("l_" + $0) }
    #expect(folded(rows) == ["l_{09..11} ×3"])
    #expect(folded([array("l_9"), array("l_010")]) == ["l_9", "l_010"])
  }

  @Test func faultsAreNeverFolded() {
    var rows = (0..<3).map { array("l\($0)") }
    rows[1].fault = LeafFault(.damaged, CoppiceError(.arraysDigestMismatch, "damaged"))
    #expect(folded(rows) == ["l0", "l1", "l2"])
  }

  /// Each folded path, taken for a pattern, matches the rows for which it stands.
  @Test func aFoldedPathIsAPattern() throws {
    let rows = (8..<12).flatMap { layer in (0..<3).map { array("l\(layer)/h_\($0)/w") } }
    let fold = try #require(RowFolding.fold(rows).first)
    #expect(fold.count == rows.count)
    let glob = try PathGlob(fold.path)
    #expect(rows.allSatisfy { glob.matches($0.components) })
  }
}
