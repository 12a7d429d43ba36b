import Testing

@testable import CoppiceStorage

/// Threads are kept apart where there are several files to write.
struct FileTurnsTests {
  @Test func whatNobodyWritesComesFirst() throws {
    let turns = PerFileJobQueue([["a1", "a2", "a3"], [], ["b1"]])
    #expect(turns.count == 4)
    let first = try #require(turns.begin())
    let second = try #require(turns.begin())
    #expect([first.job, second.job] == ["a1", "b1"])
    // Nothing is left of the other file: two threads write to one.
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
