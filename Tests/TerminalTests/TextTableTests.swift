import Terminal
import Testing

@Suite struct `Tables of text` {
  @Test func `points stand below each other`() {
    var table = TextTable([.left("model"), .decimal("perplexity"), .right("tokens")])
    table.append(["5-gram", "141.2", "82,430"])
    table.append(["unigram", "1,036.25", "9"])
    table.append(["uniform", "inf", ""])
    table.append(["none", "12", "7"])
    #expect(
      table.rendered(width: 80) == """
        model    perplexity  tokens
        5-gram       141.2   82,430
        unigram    1,036.25       9
        uniform      inf
        none          12          7

        """
    )
  }

  @Test func `words are cut where the table is too wide, numbers never`() {
    var table = TextTable([.left("a long title"), .right("n"), .left("second")])
    table.append(["a cell that is long enough", "1234567890", "another cell"])
    #expect(
      table.rendered(width: 40) == """
        a long title             n  second
        a cell that i…  1234567890  another cell

        """
    )
    for width in 1...60 {
      let rendered = table.rendered(width: width)
      #expect(rendered.contains("1234567890"))
      if width >= 30 {
        let widths = rendered.split(separator: "\n").map { TextLayout.columnCount(of: String($0)) }
        #expect(widths.allSatisfy { $0 <= width })
      }
    }
  }

  @Test func `prose goes on below where the table is too wide`() {
    var table = TextTable([.left("figure"), .right("value"), .prose("what it is")])
    table.append(["a name", "12", "three words more"])
    table.append(["b", "123456", "one"])
    #expect(table.width == 32)
    #expect(
      table.rendered(width: 28) == """
        figure   value  what it is
        a name      12  three words
                        more
        b       123456  one

        """
    )
    #expect(table.rendered(width: 32).split(separator: "\n").count == 3)
    #expect(table.fits(width: 24) && !table.fits(width: 20))
  }

  @Test func `wide letters, combining marks and colours do not shift the columns`() {
    var table = TextTable([.left(""), .right("")])
    table.append(["日本", "1"])
    table.append(["e\u{301}te\u{301}", "22"])
    table.append([Style.colored.red("rot"), "333"])
    #expect(
      table.rendered(width: 80)
        == "日本    1\ne\u{301}te\u{301}    22\n\u{1B}[31mrot\u{1B}[0m   333\n"
    )
  }
}

@Suite struct `Layout of text` {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("日本語", 6), ("e\u{301}", 1), ("é", 1), ("한국", 4),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("👍🏽", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("ﬁ", 1),
    ("नि", 2), ("\u{200B}", 0), ("ｶﾞ", 2), ("Ａ", 2), ("\u{1B}[1;31mred\u{1B}[0m", 3), ("…", 1),
  ])
  func `columns are counted as a terminal fills them`(text: String, count: Int) {
    #expect(TextLayout.columnCount(of: text) == count)
  }

  @Test func `text is cut to its width with an ellipsis`() {
    #expect(TextLayout.shortened("perplexity", to: 10) == "perplexity")
    #expect(TextLayout.shortened("perplexity", to: 5) == "perp…")
    #expect(TextLayout.shortened("日本語", to: 4) == "日…")
    #expect(TextLayout.shortened("perplexity", to: 1) == "…")
    #expect(TextLayout.shortened("perplexity", to: 0) == "")
    #expect(TextLayout.shortened(Style.colored.bold("abcdef"), to: 3) == "\u{1B}[1mab…\u{1B}[0m")
  }

  @Test func `text is broken at blanks and keeps its paragraphs`() {
    #expect(TextLayout.wrapped("one two three", width: 7) == ["one two", "three"])
    #expect(
      TextLayout.wrapped("incomprehensible to me", width: 5) == [
        "incomprehensible", "to me",
      ]
    )
    #expect(TextLayout.wrapped("a\n\n  b  c", width: 9) == ["a", "", "  b  c"])
    #expect(TextLayout.wrapped("", width: 9) == [""])
  }

  @Test func `padding goes to either side`() {
    #expect(TextLayout.padded("ab", to: 4) == "ab  ")
    #expect(TextLayout.padded("日", to: 4, .before) == "  日")
    #expect(TextLayout.padded("abcde", to: 4) == "abcde")
  }
}
