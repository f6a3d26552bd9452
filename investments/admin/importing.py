"""Tables that editors bring in: upload, columns, trial, load; each step is a page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investments.admin.facts import PUBLISH
from investments.admin.import_runs import GONE, RUNNING, start
from investments.admin.import_words import expected
from investments.choices import ImportState, Layer
from investments.dataset.format import BY_NAME, FILES
from investments.dataset.tables import TableError, guess_columns, missing_columns, read_table
from investments.desk import plural
from investments.models import Upload

LARGEST = 64 * 1024 * 1024


class UploadForm(forms.ModelForm):
    """A file, and the table that it is."""

    table = forms.ChoiceField(
        choices=lambda: [(file.name, plural(file.model)) for file in FILES], initial="announcements",
        label=gettext_lazy("Table"),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("CSV in UTF-8, or Excel (.xlsx)."))

    class Meta:
        model = Upload
        fields = ["table", "reason"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("File: expected at most %(most)s MB.") % {"most": LARGEST // 1024**2})
        content = file.read()
        try:
            self.rows = read_table(file.name, content)
        except TableError as error:
            raise ValidationError(unreadable(error)) from error
        self.instance.name, self.instance.content = file.name[:200], content
        self.instance.total = len(self.rows) - 1
        return file

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "file" in self.cleaned_data and "table" in self.cleaned_data:
            header = self.rows[0]
            guesses = guess_columns(header, BY_NAME[self.cleaned_data["table"]])
            self.instance.columns = list(zip(header, guesses, strict=True))
        return cleaned


def unreadable(error: TableError) -> str:
    """Return why a file is no table."""
    match error.code:
        case "encoding":
            return _("File: %(about)s is not UTF-8. Save it as CSV in UTF-8, or as Excel.") % {"about": error.about}
        case "workbook":
            return _("File: not an Excel workbook that can be read.")
        case "csv":
            return _("File: not CSV: %(about)s.") % {"about": error.about}
        case "wide":
            return _("File: %(about)s columns are too many for a table.") % {"about": error.about}
    return _("File: there is no header in its first line.")


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):
    form = UploadForm
    list_display = ["name", "table", "state", "total", "user", "created_at"]
    list_select_related = ["user"]
    fields = ["table", "file", "reason"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and request.user.has_perm(PUBLISH)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Upload, form: Any, change: bool) -> None:
        obj.user_id = request.user.pk
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Upload, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:investments_upload_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the step that an upload has reached, and take the next one."""
        upload = get_object_or_404(Upload.objects.defer("content"), pk=int(object_id) if object_id.isdecimal() else 0)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST" and self._stepped(request, upload):
            return HttpResponseRedirect(request.path)
        return render(request, "admin/investments/upload/step.html", self._shown(request, upload))

    def _stepped(self, request: HttpRequest, upload: Upload) -> bool:
        file = BY_NAME[upload.table]
        if "load" in request.POST and upload.state == ImportState.CHECKED:
            return start(upload, ImportState.LOADING, request.path)
        reads = [request.POST.get(f"column-{place}", read) for place, (_name, read) in enumerate(upload.columns)]
        upload.columns = [[name, read] for (name, _before), read in zip(upload.columns, reads, strict=True)]
        chosen = [name for name in reads if name]
        if unknown := set(chosen) - set(file.header):
            messages.error(
                request, _("Columns: %(names)s: not a column of this table.") % {"names": ", ".join(unknown)}
            )
        elif len(set(chosen)) < len(chosen):
            messages.error(request, _("Columns: expected each column of the table at most once."))
        elif missing := missing_columns(file, reads):
            messages.error(request, _("Columns: expected one for each of %(names)s.") % {"names": ", ".join(missing)})
        else:
            Upload.objects.filter(pk=upload.pk).update(columns=upload.columns)
            return start(upload, ImportState.CHECKING, request.path)
        return False

    def _shown(self, request: HttpRequest, upload: Upload) -> dict[str, Any]:
        file = BY_NAME[upload.table]
        running = upload.state in RUNNING and upload.beat_at > timezone.now() - GONE
        labels = dict(Layer.choices)
        return {
            **self.admin_site.each_context(request), "title": str(upload), "opts": self.opts, "upload": upload,
            "running": running, "columns": list(enumerate(upload.columns)), "choices": file.header,
            "needed": [cell.name for cell in file.cells if cell.required], "report": upload.report,
            "problems": [(*place, expected(told)) for *place, told in upload.report.get("problems", [])],
            "totals": [(labels.get(layer, layer), before, after) for layer, before, after in upload.report.get("totals", [])],
            "loadable": upload.state == ImportState.CHECKED, "mappable": upload.state != ImportState.LOADED and not running,
        }  # fmt: skip

    def get_urls(self) -> list[Any]:
        progress = path(
            "<int:pk>/progress/", self.admin_site.admin_view(self.progress_view), name="investments_upload_progress"
        )
        return [progress, *super().get_urls()]

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how far an upload has come; the page asks again while it runs."""
        upload = get_object_or_404(Upload.objects.defer("content"), pk=pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return render(request, "admin/investments/upload/_progress.html", self._shown(request, upload))
