"""Record files as MkDocs sees them: known, so that pages can link to them, but not rendered by MkDocs."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from servicebook.publish.addresses import KB, address_of


class RecordFile(File):
    """A record's place among the files of a build: its page is written by us at the end."""

    def __init__(self, path: str, config: MkDocsConfig) -> None:
        source = path[len(KB) :] if path.startswith(KB) else "../" + path
        super().__init__(
            source,
            config.docs_dir,
            config.site_dir,
            use_directory_urls=False,
            dest_uri=address_of(path),
            inclusion=InclusionLevel.INCLUDED,
        )

    def is_documentation_page(self) -> bool:
        """Never: a site of 10,000 such pages would take MkDocs minutes."""
        return False

    def copy_file(self, dirty: bool = False) -> None:
        """Nothing is copied; the page takes this place."""
