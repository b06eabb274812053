-- how many scores there were when the fit was made: when there are many more, it is made anew the same day
alter table score_models add scored integer not null default 0;
