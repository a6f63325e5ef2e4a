"""Files as text: front matter with positions, Markdown bodies, and edits that move no other byte."""
