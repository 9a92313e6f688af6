"""What a note says in two ways, miscounts, misspells or leaves open."""
