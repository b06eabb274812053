-- Raised whenever an identity is taken from its customer, or what is barred from telling whose something is changes:
-- what a process remembers of identities holds until then.
alter table workspace add column identities_version integer not null default 1;

create function raise_identities_version() returns trigger language plpgsql as $$
begin
  update workspace set identities_version = identities_version + 1;
  return null;
end
$$;

create trigger identities_taken after update or delete or truncate on identities
  for each statement execute function raise_identities_version();
create trigger identities_blocked after insert or update or delete or truncate on blocked_identities
  for each statement execute function raise_identities_version();
create trigger identities_erased after insert or update or delete or truncate on tombstones
  for each statement execute function raise_identities_version();
