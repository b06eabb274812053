-- How a person settled a refused join: 'one' (joined), 'apart' (they stay two), 'added' (the identity is theirs
-- all the same), 'blocked' (the identity is shared by several people).
alter table identity_conflicts
  add settlement text check (settlement in ('one', 'apart', 'added', 'blocked'));
create index merges_at on merges (at desc, id desc);
