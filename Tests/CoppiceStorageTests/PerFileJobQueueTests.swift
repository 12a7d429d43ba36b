import Testing

@testable import CoppiceStorage

/// With several files to write, threads write to different ones.
struct FileTurnsTests {
  @Test func whatNobodyWritesComesFirst() throws {
    let turns = PerFileJobQueue([["a1", "a2", "a3"], [], ["b1"]])
    #expect(turns.count == 4)
    let first = try #require(turns.begin())
    let second = try #require(turns.begin())
    #expect([first.job, second.job] == ["a1", "b1"])
    // The other file has no jobs left, so two threads write to one file.
    let third = try #require(turns.begin())
    #expect(third.job == "a2")
    turns.end(second)
    turns.end(first)
    #expect(turns.begin()?.job == "a3")
    #expect(turns.begin() == nil)
  }

  @Test func ofFilesThatNobodyWritesTheFullerComesFirst() throws {
    let turns = PerFileJobQueue([["a1"], ["b1", "b2"]])
    let first = try #require(turns.begin())
    #expect(first.job == "b1")
    turns.end(first)
    #expect(turns.begin()?.job == "a1")
  }
}
