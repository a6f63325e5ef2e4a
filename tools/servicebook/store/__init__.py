"""Git and disk: trees, the index of fact rows, snapshots, edits and safe writes."""
