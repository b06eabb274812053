-- `work`: what still has to be looked for while an erasure is under way; emptied when it is finished.
-- `report`: what was done where, without a word of who it was about.
alter table erasures
  add work jsonb,
  add report jsonb not null default '{}';
