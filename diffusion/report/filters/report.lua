-- Numbers figures, tables and the references to them, in the way of each format.
--
-- A figure is known by an identifier that begins with "fig:", a table by one
-- that begins with "tbl:"; [](#fig:name) becomes "Figure" with its number.
-- Spans with the attribute n carry the name of a quoted number: a page shows it
-- when one points at the number, other formats show the number alone.

local is_word = FORMAT:match("docx")
local is_latex = FORMAT:match("latex")
local is_page = FORMAT:match("html")
local kinds = { fig = "Figure", tbl = "Table" }
local counts = { fig = 0, tbl = 0 }
local numbers = {}
local bookmark = 90000

local function kind_of(identifier)
  local kind = identifier:match("^(%l+):")
  return kinds[kind] and kind or nil
end

local function raw(text)
  return pandoc.RawInline(is_word and "openxml" or "latex", text)
end

local function bookmark_name(identifier)
  return "r_" .. identifier:gsub("[^%w]", "_"):sub(1, 36)
end

-- Word counts by itself, so that a table can be added by hand and all numbers follow.
local function word_label(kind, identifier, number)
  bookmark = bookmark + 1
  return raw(
    '<w:bookmarkStart w:id="' .. bookmark .. '" w:name="' .. bookmark_name(identifier) .. '"/>' ..
    '<w:r><w:t xml:space="preserve">' .. kinds[kind] .. ' </w:t></w:r>' ..
    '<w:fldSimple w:instr=" SEQ ' .. kinds[kind] .. ' \\* ARABIC "><w:r><w:t>' .. number ..
    '</w:t></w:r></w:fldSimple><w:bookmarkEnd w:id="' .. bookmark .. '"/>')
end

local function labelled(caption, kind, identifier)
  if is_latex then return end
  local first = caption.long[1]
  if not first then
    caption.long:insert(pandoc.Plain({}))
    first = caption.long[1]
  end
  local number = numbers[identifier]
  local label
  if is_word then
    label = { word_label(kind, identifier, number), pandoc.Str("."), pandoc.Space() }
  elseif is_page then
    label = { pandoc.Strong({ pandoc.Str(kinds[kind] .. " " .. number .. ".") }), pandoc.Space() }
  else
    label = { pandoc.Str(kinds[kind] .. " " .. number .. "."), pandoc.Space() }
  end
  for place = #label, 1, -1 do first.content:insert(1, label[place]) end
end

local function count(block)
  local kind = kind_of(block.identifier)
  if kind then
    counts[kind] = counts[kind] + 1
    numbers[block.identifier] = counts[kind]
  end
end

local function numbered(block)
  local kind = kind_of(block.identifier)
  if not kind then return nil end
  labelled(block.caption, kind, block.identifier)
  if is_word then block.identifier = "" end
  return block
end

-- An image is told by its caption below it; its description must not say the names of numbers.
local function figure(block)
  local kind = kind_of(block.identifier)
  local identifier = block.identifier
  local made = numbered(block)
  if not made or is_page or is_word or is_latex then return made end
  -- Plain Markdown has no figures with captions: an image, and its caption as a paragraph.
  local image
  block:walk({ Image = function(found) image = found end })
  image.caption = { pandoc.Str(kinds[kind] .. " " .. numbers[identifier]) }
  image.attributes = {}
  return { pandoc.Para({ image }), pandoc.Para(pandoc.utils.blocks_to_inlines(block.caption.long)) }
end

local function plain_table(block)
  local made = numbered(block)
  if not made or is_page or is_word or is_latex then return made end
  local caption = pandoc.utils.blocks_to_inlines(block.caption.long)
  block.caption = { long = {} }
  block.identifier = ""
  return { pandoc.Para(caption), block }
end

local function reference(link)
  local identifier = link.target:match("^#(.+)$")
  if identifier and identifier:match("^sec:") and not (is_word or is_latex or is_page) then return link.content end
  if not identifier or #link.content > 0 or not numbers[identifier] then return nil end
  local kind = kind_of(identifier)
  local text = kinds[kind] .. "\u{a0}" .. numbers[identifier]
  if is_word then
    return raw('<w:fldSimple w:instr=" REF ' .. bookmark_name(identifier) .. ' \\h "><w:r><w:t xml:space="preserve">' ..
      text .. '</w:t></w:r></w:fldSimple>')
  elseif is_latex then
    return raw(kinds[kind] .. "~\\ref{" .. identifier .. "}")
  elseif is_page then
    link.content = { pandoc.Str(text) }
    return link
  end
  return pandoc.Str(kinds[kind] .. " " .. numbers[identifier])
end

local function number(span)
  local name = span.attributes.n
  if not name then return nil end
  if is_page then
    -- As a list, whose order is the same every time.
    return pandoc.Span(span.content, pandoc.Attr("", { "number" }, { { "data-number", name }, { "title", name } }))
  end
  return span.content
end

-- Long words may be broken in LaTeX after a mark within them, or else after every few letters.
local function breakable(word)
  local length = utf8.len(word.text)
  if not is_latex or not length or length < 14 then return nil end
  local pieces, piece, letters = {}, "", 0
  for _, code in utf8.codes(word.text) do
    local letter = utf8.char(code)
    piece, letters = piece .. letter, letters + 1
    if (letters > 3 and letter:match("[_/.%-]")) or (length >= 24 and letters == 8) then
      pieces[#pieces + 1] = pandoc.Str(piece)
      pieces[#pieces + 1] = raw("\\allowbreak{}")
      piece, letters = "", 0
    end
  end
  pieces[#pieces + 1] = pandoc.Str(piece)
  return pieces
end

-- What stands below a table has a style of its own in Word.
local function note(div)
  if not div.classes:includes("note") then return nil end
  if is_word then
    div.attributes["custom-style"] = "Table Note"
    return div
  elseif is_latex then
    table.insert(div.content, 1, pandoc.RawBlock("latex", "{\\footnotesize"))
    div.content:insert(pandoc.RawBlock("latex", "\\par}"))
    return div.content
  elseif not is_page then
    return div.content
  end
end

return {
  { Figure = count },
  { Table = count },
  { Figure = figure, Table = plain_table },
  { Link = reference, Span = number, Div = note },
  { Str = breakable },
}
